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

const restartMs = [100, 500, 2000, 5000] as const;

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
  let deaths = 0;
  let closing = false;
  let engine = start();
  try {
    await engine.ready;
  } catch (cause) {
    closing = true;
    directory.release();
    throw new Fault(
      'store.unavailable',
      `The embedded database in ${options.directory} does not start`,
      { retryable: false, cause },
    );
  }
  directory.created();

  function start(): EngineThread {
    const thread = startEngineThread({
      dataDir: directory.dataDir,
      transactionMs: options.transactionMs ?? 30_000,
      stallMs: options.stallMs ?? 60_000,
      onMessage: receive,
      onEnd: died,
    });
    thread.ready.then(
      () => {
        deaths = 0;
      },
      () => {},
    );
    return thread;
  }

  function died(cause: unknown): void {
    for (const stream of streams.values()) stream.destroy(brokenConnection(cause));
    streams.clear();
    if (closing) return;
    const wait = restartMs[Math.min(deaths, restartMs.length - 1)] ?? 0;
    deaths += 1;
    options.log.error('The embedded database died and is started again', { cause, waitMs: wait });
    setTimeout(() => {
      if (!closing) engine = start();
    }, wait);
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
    const thread = engine;
    const stream = sessionStream({
      connect: (ready) => {
        thread.ready.then(
          () => {
            thread.to.message({ kind: 'open', session });
            ready();
          },
          (cause) => stream.destroy(brokenConnection(cause)),
        );
      },
      write: (bytes) => thread.to.data(session, bytes),
      close: () => {
        if (streams.delete(session)) thread.to.message({ kind: 'close', session });
      },
    });
    streams.set(session, stream);
    return stream;
  }

  async function close(): Promise<void> {
    if (closing) return;
    closing = true;
    await engine.stop(10_000);
    directory.release();
  }

  return { connect, close };
}

/** As a socket would say it, so that clients treat it as the loss of a server. */
function brokenConnection(cause: unknown): Error {
  return Object.assign(new Error('The embedded database closed the connection', { cause }), {
    code: 'ECONNRESET',
  });
}
