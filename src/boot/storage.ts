import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import pg from 'pg';
import { queuePoolSettings } from '#adapters/bullmq/queue-pool.ts';
import { openPglite } from '#adapters/pglite/pglite.ts';
import { createHistory } from '#adapters/postgres/history.ts';
import { endLeases } from '#adapters/postgres/lease.ts';
import { migrate } from '#adapters/postgres/migrate.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import { openSegmentSource } from '#adapters/postgres/segment-source.ts';
import { createStore } from '#adapters/postgres/store.ts';
import type { Secret } from '#core/secret.ts';
import type { Failpoint } from '#ports/failpoint.ts';
import type { History } from '#ports/history.ts';
import type { Log } from '#ports/log.ts';
import type { SegmentSource } from '#ports/segment-source.ts';
import type { Store } from '#ports/store.ts';

/** The database of this process, whatever it is. */
export interface Storage {
  readonly store: Store;
  readonly history: History;
  readonly embedded: boolean;
  /** For people: where the truth is kept. */
  readonly where: string;
  /**
   * For checking a long history in several threads; undefined for the embedded database, which has
   * one connection. Closed by whoever opened it.
   */
  readonly openSegments: (() => SegmentSource) | undefined;
  /** A pool of its own for the queue; ended by `close`. */
  queuePool(): pg.Pool;
  close(): Promise<void>;
}

/**
 * Opens and migrates the database: Postgres when there is a URL, else the embedded one.
 * @throws Fault `store.unavailable`
 */
export async function openStorage(options: {
  readonly url: Secret | undefined;
  readonly dataFolder: string;
  readonly log: Log;
  readonly failpoint: Failpoint;
}): Promise<Storage> {
  const { url, log, failpoint } = options;
  const folder = resolve(options.dataFolder);
  const embedded = url === undefined ? await openEmbedded(folder, log) : null;
  const connection =
    url === undefined ? { stream: () => embeddedStream(embedded) } : { url: url.reveal() };
  const database = openPostgres({ ...connection, log });
  const applied = await migrate(database);
  if (applied.length > 0) log.info('The database was migrated', { applied });
  // Nobody else can hold one: what is left is of a process that was killed.
  if (embedded !== null) await endLeases(database);
  const pools: pg.Pool[] = [];

  return {
    store: createStore(database, { log, failpoint }),
    history: createHistory(database),
    openSegments: url === undefined ? undefined : () => openSegmentSource(url.reveal()),
    embedded: embedded !== null,
    where: embedded === null ? 'Postgres' : `the embedded database in ${folder}`,
    queuePool() {
      const way =
        url === undefined
          ? { stream: () => embeddedStream(embedded), ssl: false as const }
          : { connectionString: url.reveal() };
      const pool = new pg.Pool({ ...way, ...queuePoolSettings });
      pools.push(pool);
      return pool;
    },
    async close() {
      await Promise.all(pools.map((pool) => pool.end()));
      await database.end();
      await embedded?.close();
    },
  };
}

type Embedded = Awaited<ReturnType<typeof openPglite>>;

function openEmbedded(folder: string, log: Log): Promise<Embedded> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return openPglite({ directory: resolve(folder, 'database'), log });
}

function embeddedStream(embedded: Embedded | null): ReturnType<Embedded['connect']> {
  if (embedded === null) throw new Error('There is no embedded database');
  return embedded.connect();
}
