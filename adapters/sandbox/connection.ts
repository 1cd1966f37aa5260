import { connect, type Socket } from 'node:net';
import { Fault } from '#core/fault.ts';
import type { Lease } from './lease.ts';
import { type Call, onLines, Response, type SandboxSettings, sendLine } from './wire.ts';

/** A line to a host that has admitted us. */
export interface Connection {
  /** The answer as JSON. @throws Fault what the host says, or `target.unavailable` */
  call(call: Exclude<Call, { method: 'hello' }>): Promise<unknown>;
  configure(settings: SandboxSettings): Promise<void>;
  /** The process of the host. */
  readonly pid: number;
  /** Settles when the line is cut, by either end. */
  readonly closed: Promise<void>;
  cut(): void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (fault: Fault) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

const answerWithinMs = 10_000;
const greetWithinMs = 3000;

/** Connects to the host of a lease; null when it is not there, or is not that host. */
export async function connectTo(
  lease: Lease,
  settings: SandboxSettings,
): Promise<Connection | null> {
  const socket = await openSocket(lease.port);
  if (socket === null) return null;
  const pending = new Map<number, Pending>();
  let lastId = 0;

  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      for (const { reject, timer } of pending.values()) {
        clearTimeout(timer);
        reject(unavailable('The sandbox host went away.'));
      }
      pending.clear();
      resolve();
    });
  });
  onLines(socket, (line) => {
    const response = Response.safeParse(JSON.parse(line));
    if (response.success) settle(response.data);
    else socket.destroy();
  });

  function settle(response: Response): void {
    const asked = pending.get(response.id);
    if (asked === undefined) return;
    pending.delete(response.id);
    clearTimeout(asked.timer);
    if ('value' in response) {
      asked.resolve(response.value);
      return;
    }
    const { code, message, retryable } = response.fault;
    asked.reject(new Fault(code, message, { retryable }));
  }

  function send(call: Call, withinMs: number): Promise<unknown> {
    if (socket?.destroyed !== false) throw unavailable('The sandbox host went away.');
    lastId += 1;
    const id = lastId;
    sendLine(socket, { id, call });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        pending.delete(id);
        reject(unavailable('The sandbox host did not answer in time.'));
      }, withinMs);
      pending.set(id, { resolve, reject, timer });
    });
  }

  async function configure(next: SandboxSettings): Promise<void> {
    await send({ method: 'hello', token: lease.token, settings: next }, greetWithinMs);
  }

  try {
    await configure(settings);
  } catch (error) {
    socket.destroy();
    if (error instanceof Fault) return null;
    throw error;
  }
  return {
    call: async (call) => send(call, answerWithinMs),
    configure,
    pid: lease.pid,
    closed,
    cut: () => socket.destroy(),
  };
}

function openSocket(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(greetWithinMs, () => socket.destroy());
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.setNoDelay(true);
      resolve(socket);
    });
    socket.on('error', () => socket.destroy());
    socket.once('close', () => resolve(null));
  });
}

function unavailable(message: string): Fault {
  return new Fault('target.unavailable', message, { retryable: true });
}
