import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BackendFactory,
  Queue as BullQueue,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  Worker,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { createBullQueue } from '#adapters/bullmq/bull-queue.ts';
import { openPostgresBackend } from '#adapters/bullmq/postgres-backend.ts';
import { queuePoolSettings } from '#adapters/bullmq/queue-pool.ts';
import { openRedisBackend } from '#adapters/bullmq/redis-backend.ts';
import { bullPool } from '#adapters/bullmq/trust-boundary.ts';
import { openPglite } from '#adapters/pglite/pglite.ts';
import { metrics } from '#adapters/telemetry/metrics.ts';
import { createTelemetry } from '#adapters/telemetry/telemetry.ts';
import type { Queue } from '#ports/queue.ts';
import { silentLog as log } from '../test/adapters/silent.ts';
import { createDatabase, startPostgres, startRedis } from '../test/servers.ts';

/**
 * A step that does nothing, through our queue and as a raw BullMQ job, turn by turn in one process.
 * Per job: added by 32 at a time and handled by 32 at a time. Pick-up: from asking to the handler,
 * one at a time, by an idle consumer. Prints medians; exits with 1 when a ratio is over the promise.
 */
const promised = 1.2;
const rounds = 15;
const inFlight = 32;

interface Subject {
  add(n: number): Promise<void>;
  close(): Promise<void>;
}
/** Starts to take jobs; `handled` is told of each. */
type Open = (handled: () => void) => Promise<Subject>;

interface Place {
  readonly name: string;
  readonly jobs: number;
  readonly raw: Open;
  readonly ours: Open;
}

const pools: pg.Pool[] = [];
let unique = 0;
const { telemetry } = createTelemetry({ metrics });

function raw<Kind extends IQueueBackend, Connection>(
  connect: () => Connection,
  factory: BackendFactory<Kind, Connection>,
  done: (connection: Connection) => void,
): Open {
  return async (handled) => {
    const options = { removeOnComplete: true, removeOnFail: true };
    const connections = [connect(), connect()] as const;
    unique += 1;
    const name = `raw-${unique}`;
    const queue = new BullQueue(name, { connection: connections[0] }, factory);
    const worker = new Worker(
      name,
      async () => handled(),
      { connection: connections[1], concurrency: inFlight },
      factory,
    );
    await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
    return {
      add: async (n) => {
        await queue.add('step', { rollout: `shop-${n}` }, { ...options, jobId: `r:${n}:1` });
      },
      close: async () => {
        await worker.close();
        await queue.close();
        connections.map(done);
      },
    };
  };
}

function ours(open: (name: string) => Promise<Queue>): Open {
  return async (handled) => {
    unique += 1;
    const queue = await open(`ours-${unique}`);
    await queue.consume(async () => handled(), inFlight);
    return {
      add: (n) => queue.wake({ topic: 'rollout', subject: `shop-${n}`, attempt: '1' }, null),
      close: queue.close,
    };
  };
}

interface Bench {
  /** Milliseconds from the first asking to the last handler. */
  run(jobs: number): Promise<number>;
  close(): Promise<void>;
}

async function bench(open: Open): Promise<Bench> {
  let left = 0;
  let next = 0;
  let all = Promise.withResolvers<void>();
  const subject = await open(() => {
    left -= 1;
    if (left === 0) all.resolve();
  });
  async function run(jobs: number): Promise<number> {
    all = Promise.withResolvers<void>();
    left = jobs;
    const end = next + jobs;
    const since = performance.now();
    const producer = async (): Promise<void> => {
      while (next < end) {
        next += 1;
        await subject.add(next);
      }
    };
    const producers = Array.from({ length: Math.min(jobs, inFlight) }, producer);
    await Promise.all([...producers, all.promise]);
    return performance.now() - since;
  }
  await run(200);
  return { run, close: subject.close };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const redis = await startRedis();
const postgres = await startPostgres({ durable: true });
const postgresUrl = await createDatabase(postgres.url);
const directory = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
const pglite = await openPglite({ directory, log });

async function sqlPlace(name: string, jobs: number, config: pg.PoolConfig): Promise<Place> {
  const pool = new pg.Pool({ ...config, ...queuePoolSettings, max: 10 });
  pool.setMaxListeners(0);
  pools.push(pool);
  // Makes the tables for both.
  await openPostgresBackend({ pool, log });
  const common = { clock: { now: Date.now }, log, telemetry };
  return {
    name,
    jobs,
    raw: raw(
      () => bullPool(pool),
      createPostgresBackend,
      () => {},
    ),
    ours: ours(async (queueName) =>
      createBullQueue({
        ...common,
        name: queueName,
        backend: await openPostgresBackend({ pool, log }),
      }),
    ),
  };
}

const places: readonly Place[] = [
  {
    name: 'Redis',
    jobs: 400,
    raw: raw(
      () => new Redis(redis.url, { maxRetriesPerRequest: null }),
      createRedisBackend,
      (client) => client.disconnect(),
    ),
    ours: ours(async (name) =>
      createBullQueue({
        clock: { now: Date.now },
        log,
        telemetry,
        name,
        backend: await openRedisBackend({ url: redis.url, log }),
      }),
    ),
  },
  await sqlPlace('Postgres', 100, { connectionString: postgresUrl }),
  await sqlPlace('PGlite', 60, { stream: pglite.connect }),
];

const table: Record<string, string>[] = [];
let broken = 0;
for (const place of places) {
  const [raw, ours] = [await bench(place.raw), await bench(place.ours)];
  for (const [what, jobs, times] of [
    ['per job', place.jobs, rounds],
    ['pick-up', 1, rounds * 10],
  ] as const) {
    const seen: Record<'raw' | 'ours', number[]> = { raw: [], ours: [] };
    for (let round = 0; round < times; round += 1) {
      for (const side of round % 2 === 0
        ? (['raw', 'ours'] as const)
        : (['ours', 'raw'] as const)) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen[side].push((await (side === 'raw' ? raw : ours).run(jobs)) / jobs);
      }
    }
    const [theirs, own] = [median(seen.raw), median(seen.ours)];
    const ratio = own / theirs;
    if (ratio > promised) broken += 1;
    table.push({
      server: place.name,
      measure: what,
      'raw ms': theirs.toFixed(3),
      'ours ms': own.toFixed(3),
      ratio: ratio.toFixed(2),
    });
  }
  await raw.close();
  await ours.close();
}
console.table(table);
await Promise.all(pools.map((pool) => pool.end()));
await pglite.close();
rmSync(directory, { recursive: true, force: true });
await Promise.all([redis.stop(), postgres.stop()]);
process.exit(broken === 0 ? 0 : 1);
