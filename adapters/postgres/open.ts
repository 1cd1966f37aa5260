import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Database, QueryResult } from '#ports/database.ts';
import type { Log } from '#ports/log.ts';
import { toFault } from './to-fault.ts';

export interface PostgresOptions {
  /** `postgres://…`; left out when `stream` leads to an embedded database. */
  readonly url?: string;
  /** Makes the stream of a connection that speaks the Postgres protocol. */
  readonly stream?: () => Duplex;
  readonly log: Log;
  /** Most connections at a time, the one that listens not counted. */
  readonly connections?: number;
}

/** Longest that one statement may take, on the server and, a little later, here. */
const statementMs = 30_000;

/**
 * Opens a database. Nothing is connected until something is asked.
 * Everything it throws is a `Fault`, except for bugs in a statement.
 */
export function openPostgres(options: PostgresOptions): Database {
  const { log } = options;
  const config: pg.ClientConfig = {
    ...(options.url === undefined ? {} : { connectionString: options.url }),
    ...(options.stream === undefined ? {} : { stream: options.stream, ssl: false }),
    application_name: 'signalbox',
    types: { getTypeParser },
    keepAlive: true,
    pipeline: true,
    connectionTimeoutMillis: 5000,
    statement_timeout: statementMs,
    query_timeout: statementMs + 5000,
    idle_in_transaction_session_timeout: 2 * statementMs,
  };
  const pool = new pg.Pool({ ...config, max: options.connections ?? 10 });
  const warn = (error: Error): void => log.warn('A database connection broke', { error });
  pool.on('error', warn);
  // A connection that breaks while somebody holds it tells its holder by the failing statement.
  pool.on('connect', (client) => client.on('error', warn));
  const listeners = new Set<() => Promise<void>>();

  return {
    query: (text, params) => asFaults(() => run(pool, text, params)),
    connect: () =>
      asFaults(async () => {
        const client = await pool.connect();
        return {
          query: (text, params) => asFaults(() => run(client, text, params)),
          release: (broken) => client.release(broken === true),
        };
      }),
    async listen(channel, handler) {
      const stop = await asFaults(() => listen({ config, log, channel, handler }));
      listeners.add(stop);
      return async () => {
        listeners.delete(stop);
        await stop();
      };
    },
    async end() {
      await Promise.all([...listeners].map((stop) => stop()));
      await pool.end();
    },
  };
}

async function run(
  client: pg.Pool | pg.PoolClient,
  text: string,
  params?: readonly unknown[],
): Promise<QueryResult> {
  const answer: pg.QueryResult | readonly pg.QueryResult[] = await (params === undefined
    ? client.query(text)
    : client.query({ name: statementName(text), text, values: [...params] }));
  const result = isList(answer) ? answer.at(-1) : answer;
  return { rows: result?.rows ?? [], rowCount: result?.rowCount ?? 0 };
}

const names = new Map<string, string>();

/**
 * Statements with parameters are prepared once per connection under a name of their own. There are
 * few different ones: all their texts are written in this folder.
 */
function statementName(text: string): string {
  const name = names.get(text) ?? `signalbox_${names.size + 1}`;
  names.set(text, name);
  return name;
}

/** The driver gives a list where the text held several statements. */
function isList<One>(answer: One | readonly One[]): answer is readonly One[] {
  return Array.isArray(answer);
}

async function asFaults<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFault(error);
  }
}

/** int8 as number: everything we count stays below 2^53. The rest as the driver has it. */
function getTypeParser(id: number, format?: 'text' | 'binary'): (text: string) => unknown {
  return id === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(id, format);
}

interface Listening {
  readonly config: pg.ClientConfig;
  readonly log: Log;
  readonly channel: string;
  readonly handler: (payload: string) => void;
}

/** Listens on a connection of its own, and makes a new one whenever it breaks. */
async function listen(listening: Listening): Promise<() => Promise<void>> {
  const { log, channel, handler, config } = listening;
  const stopped = new AbortController();
  let client = await subscribe();
  async function subscribe(): Promise<pg.Client> {
    const fresh = new pg.Client({ ...config, query_timeout: 0 });
    fresh.on('error', () => {});
    fresh.on('notification', (message) => handler(message.payload ?? ''));
    await fresh.connect();
    await fresh.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    fresh.once('end', () => {
      again().catch(() => {});
    });
    return fresh;
  }
  async function again(): Promise<void> {
    for (let wait = 100; !stopped.signal.aborted; wait = Math.min(wait * 2, 5000)) {
      await pause(wait, undefined, { signal: stopped.signal });
      try {
        client = await subscribe();
        return;
      } catch (error) {
        log.warn('Listening to the database failed', { error, channel });
      }
    }
  }
  return async () => {
    stopped.abort();
    await client.end();
  };
}
