import { mkdir } from 'node:fs/promises';
import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import { type Connection, connectTo } from './connection.ts';
import { createHostStarter, type HostStart } from './host-start.ts';
import { createLeases } from './lease.ts';
import type { Call, SandboxSettings } from './wire.ts';

/** The way to the host of a directory, whoever started it. */
export interface HostClient {
  /** @throws Fault what the host says, or `target.unavailable` */
  ask<T>(call: Exclude<Call, { method: 'hello' | 'bye' }>, answer: z.ZodType<T>): Promise<T>;
  configure(settings: SandboxSettings): Promise<void>;
  /** Leaves; if nobody else is connected, the host ends, and this settles when it has. */
  close(): Promise<void>;
}

interface HostClientOptions {
  readonly start: HostStart;
  readonly settings: SandboxSettings;
}

const lookEveryMs = 50;
const looks = 300;
const followMs = 250;
const endWithinMs = 6000;

/**
 * Connects when first asked: to the host that is there, or to one that it starts. Once connected it
 * stays so: when the host dies, it is followed at once, so that what was running runs again.
 */
export function createHostClient(options: HostClientOptions): HostClient {
  const { directory, log } = options.start;
  const leases = createLeases(directory);
  let settings = options.settings;
  let connecting: Promise<Connection> | null = null;
  let isClosed = false;

  function connection(): Promise<Connection> {
    connecting ??= connect();
    return connecting;
  }

  async function connect(): Promise<Connection> {
    try {
      const found = await findOrStart();
      void found.closed.then(follow);
      return found;
    } catch (error) {
      connecting = null;
      if (error instanceof Fault) throw error;
      throw unavailable('The sandbox host cannot be started.', error);
    }
  }

  function follow(): void {
    connecting = null;
    if (isClosed) return;
    log.warn('sandbox host is gone, following it');
    setTimeout(() => {
      if (!isClosed) connection().catch((error) => log.error('sandbox is down', { error }));
    }, followMs);
  }

  async function findOrStart(): Promise<Connection> {
    await mkdir(directory, { recursive: true });
    const starter = createHostStarter(options.start);
    for (let look = 0; look < looks && !isClosed; look += 1) {
      const lease = await leases.newest();
      const found = lease === null ? null : await connectTo(lease, settings);
      if (found !== null) return found;
      if (!(await starter.see((lease?.generation ?? 0) + 1))) break;
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
    throw unavailable(`The sandbox host did not start; see ${starter.logPath}.`);
  }

  return {
    async ask(call, answer) {
      if (isClosed) throw unavailable('The sandbox is closed.');
      const value = await (await connection()).call(call);
      return answer.parse(value);
    },
    async configure(next) {
      settings = next;
      if (connecting !== null) await (await connecting).configure(next);
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      const line = await connecting?.catch(() => null);
      if (line != null) await leave(line);
    },
  };
}

/** Says goodbye; the last one waits until the host and all that ran in it have ended. */
async function leave(line: Connection): Promise<void> {
  const answer = await line.call({ method: 'bye' }).catch(() => null);
  const isLast = z.object({ isLast: z.boolean() }).safeParse(answer).data?.isLast ?? false;
  const deadline = Date.now() + endWithinMs;
  while (isLast && isRunning(line.pid) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  line.cut();
  await line.closed;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function unavailable(message: string, cause?: unknown): Fault {
  return new Fault('target.unavailable', message, { retryable: true, cause });
}
