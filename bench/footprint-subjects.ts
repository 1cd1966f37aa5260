import { EventEmitter } from 'node:events';
import {
  Queue as BullQueue,
  createPostgresBackend,
  type PgPool,
  runMigrations,
  Worker,
} from 'bullmq';
import pg from 'pg';
import { createBullQueue } from '#adapters/bullmq/bull-queue.ts';
import { openPostgresBackend } from '#adapters/bullmq/postgres-backend.ts';
import { queuePoolSettings } from '#adapters/bullmq/queue-pool.ts';
import { openPglite } from '#adapters/pglite/pglite.ts';
import { createLog } from '#adapters/system/log.ts';
import { metrics } from '#adapters/telemetry/metrics.ts';
import { createTelemetry } from '#adapters/telemetry/telemetry.ts';

/** Starts one side of the comparison, says that it is ready, and idles until it is killed. */
const [, , side = '', directory = ''] = process.argv;
await (side === 'ours' ? startOurs() : startRaw());
process.send?.('ready');
setInterval(() => {}, 1000);

async function startOurs(): Promise<void> {
  const log = createLog({ level: 'info' });
  const pglite = await openPglite({ directory, log });
  const pool = new pg.Pool({ stream: pglite.connect, ...queuePoolSettings });
  const queue = createBullQueue({
    backend: await openPostgresBackend({ pool, log }),
    clock: { now: Date.now },
    log,
    telemetry: createTelemetry({ metrics }).telemetry,
  });
  await queue.consume(async () => {}, 8);
}

/** The libraries with their defaults, and as little between them as works. */
async function startRaw(): Promise<void> {
  const { PGlite } = await import(import.meta.resolve('@electric-sql/pglite'));
  const database = await PGlite.create(directory, { parsers: { 20: String } });
  const client = Object.assign(new EventEmitter(), {
    query: async (text: string, params?: readonly unknown[]) => {
      if (params !== undefined) return database.query(text, params);
      return (await database.exec(text)).at(-1) ?? { rows: [] };
    },
    release: () => {},
  });
  database.onNotification((channel: string, payload: string) => {
    client.emit('notification', { channel, payload });
  });
  const pool: PgPool = Object.assign(new EventEmitter(), {
    query: client.query,
    connect: async () => client,
    end: async () => {},
  });
  await runMigrations(client);
  await database.exec('SET search_path = bullmq');
  const queue = new BullQueue('wakes', { connection: pool }, createPostgresBackend);
  const options = { connection: pool, concurrency: 8 };
  const worker = new Worker('wakes', async () => {}, options, createPostgresBackend);
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
}
