import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '#core/fault.ts';
import type { Log } from '#ports/log.ts';
import { takeDataDirectory } from './data-directory.ts';
import type { FromEngine } from './engine-messages.ts';
import { type EngineThread, startEngineThread } from './engine-thread.ts';
import { type SessionStream, sessionStream } from './session-stream.ts';

export interface PgliteOptions {
  /** Created with the database in it at the first start. One process at a time. */
  readonly directory: string;
  readonly log: Log;
  /** How long a transaction may sit idle before it is rolled back; 30 s unless told. */
  readonly transactionMs?: number;
  /** How long a single statement may take before the database is taken to be stuck; 60 s unless told. */
  readonly stallMs?: number;
  /** Time between two rounds of maintenance (checkpoint, vacuum); 30 s unless told. */
  readonly maintenanceMs?: number;
}

/** Postgres inside this process, reached like a server. */
export interface Pglite {
  /**
   * A new connection that speaks the Postgres protocol: `new Pool({ stream: pglite.connect })`.
   * Connections share one backend; see `sessionServer` for what that means.
   */
  readonly connect: () => SessionStream;
  /** Rolls back what is open, closes the files and gives the directory free. */
  close(): Promise<void>;
}

const restartMs = [0, 500, 2000, 5000] as const;
/** How long a connection waits for the database to start again. */
const startMs = 15_000;

/**
 * Starts the embedded database in a thread of its own and starts it again when it dies.
 * It never syncs to disk: safe against the end of the process, not against a loss of power.
 * @throws Fault `store.unavailable` when another process has the directory or the files cannot be
 *   opened. Later deaths reach clients as a broken connection.
 */
export async function openPglite(options: PgliteOptions): Promise<Pglite> {
  const directory = takeDataDirectory(options.directory);
  const streams = new Map<number, SessionStream>();
  let lastSession = 0;
  let closing = false;
  let engine = start();
  try {
    await engine;
  } catch (cause) {
    directory.release();
    const message = `The embedded database in ${options.directory} does not start`;
    throw new Fault('store.unavailable', message, { retryable: false, cause });
  }
  directory.created();

  async function start(): Promise<EngineThread> {
    const thread = startEngineThread({
      dataDir: directory.dataDir,
      transactionMs: options.transactionMs ?? 30_000,
      maintenanceMs: options.maintenanceMs ?? 30_000,
      stallMs: options.stallMs ?? 60_000,
      onMessage: receive,
    });
    await thread.ready;
    thread.ended.then(died, died);
    return thread;
  }

  function died(cause: unknown): void {
    if (!closing) {
      options.log.error('The embedded database died and is started again', { cause });
      engine = restart();
      engine.catch(() => {});
    }
    for (const stream of streams.values()) stream.destroy(brokenConnection(cause));
  }

  async function restart(): Promise<EngineThread> {
    for (let attempt = 0; !closing; attempt += 1) {
      await delay(restartMs[Math.min(attempt, restartMs.length - 1)]);
      try {
        return await start();
      } catch (cause) {
        options.log.error('The embedded database did not start again', { cause, attempt });
      }
    }
    throw new Error('The embedded database is being closed');
  }

  function receive(message: FromEngine): void {
    if (message.kind === 'data') {
      const { buffer, byteOffset, byteLength } = message.bytes;
      streams.get(message.session)?.push(Buffer.from(buffer, byteOffset, byteLength));
    } else if (message.kind === 'end') {
      streams.get(message.session)?.push(null);
    }
  }

  function connect(): SessionStream {
    lastSession += 1;
    const session = lastSession;
    let thread: EngineThread | null = null;
    const stream = sessionStream({
      connect: async () => {
        thread = await within(startMs, engine);
        if (stream.destroyed) return;
        streams.set(session, stream);
        thread.to.message({ kind: 'open', session });
      },
      write: (bytes) => thread?.to.data(session, bytes),
      close: () => {
        if (streams.delete(session)) thread?.to.message({ kind: 'close', session });
      },
    });
    return stream;
  }

  async function close(): Promise<void> {
    if (closing) return;
    closing = true;
    const thread = await engine.catch(() => null);
    await thread?.stop(10_000);
    directory.release();
  }

  return { connect, close };
}

async function within<T>(ms: number, wanted: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = delay(ms, null, { signal: stop.signal }).then(() => {
    throw new Error('The embedded database is being started again');
  });
  try {
    return await Promise.race([wanted, late]);
  } finally {
    late.catch(() => {});
    stop.abort();
  }
}

/** As a socket would say it, so that clients treat it as the loss of a server. */
function brokenConnection(cause: unknown): Error {
  return Object.assign(new Error('The embedded database closed the connection', { cause }), {
    code: 'ECONNRESET',
  });
}
