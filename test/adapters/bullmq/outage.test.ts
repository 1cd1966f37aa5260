import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, type TestContext, vi } from 'vitest';
import { createBullQueue } from '#adapters/bullmq/bull-queue.ts';
import { openPostgresBackend } from '#adapters/bullmq/postgres-backend.ts';
import { queuePoolSettings } from '#adapters/bullmq/queue-pool.ts';
import { openRedisBackend } from '#adapters/bullmq/redis-backend.ts';
import type { Queue, Wake } from '#ports/queue.ts';
import { freshDatabase } from '../../fresh-database.ts';
import { type RunningServer, requireServer, startRedis } from '../../servers.ts';
import { type TcpProxy, tcpProxy } from '../../tcp-proxy.ts';
import { silentLog as log, silentTelemetry as telemetry } from '../silent.ts';

const leaseMs = 2000;
const wake = (subject: string): Wake => ({ topic: 'timer', subject, attempt: '1' });
const common = { clock: { now: Date.now }, log, telemetry, leaseMs };

interface Bench {
  readonly queue: Queue;
  readonly proxy: TcpProxy;
  /** Subjects in the order in which they were handled. */
  readonly handled: string[];
  note(wake: Wake): Promise<void>;
}

let benches = 0;

function outages(
  name: string,
  serverPort: () => number,
  open: (port: number, queueName: string) => Promise<{ queue: Queue; close(): Promise<void> }>,
) {
  async function bench(onTestFinished: TestContext['onTestFinished']): Promise<Bench> {
    const proxy = await tcpProxy(serverPort());
    benches += 1;
    const { queue, close } = await open(proxy.port, `wakes-${benches}`);
    onTestFinished(async () => {
      proxy.heal();
      await close();
      await proxy.close();
    });
    const handled: string[] = [];
    const note = async ({ subject }: Wake) => {
      handled.push(subject);
    };
    return { queue, proxy, handled, note };
  }

  describe(`an outage of ${name}`, () => {
    it.concurrent.for(['cut', 'freeze'] as const)(
      'is a Fault within two seconds and passes by itself (%s)',
      async (fault, { expect, onTestFinished }) => {
        const { queue, proxy, handled, note } = await bench(onTestFinished);
        await queue.consume(note, 2);
        await queue.wake(wake('before'), null);
        await vi.waitFor(() => expect(handled).toEqual(['before']), 5000);
        proxy[fault]();
        const since = performance.now();
        await expect(queue.wake(wake('during'), null)).rejects.toMatchObject({
          code: 'queue.unavailable',
          retryable: true,
        });
        expect(performance.now() - since).toBeLessThan(2500);
        expect(await queue.healthy()).toBe(false);
        proxy.heal();
        await vi.waitFor(() => queue.wake(wake('after'), null), 8000);
        await vi.waitFor(() => expect(handled).toContain('after'), { timeout: 8000 });
        expect(await queue.healthy()).toBe(true);
      },
    );

    it.concurrent('aborts what runs once the lease is over, and hands it out again', async ({
      expect,
      onTestFinished,
    }) => {
      const { queue, proxy, handled, note } = await bench(onTestFinished);
      const reasons: string[] = [];
      await queue.consume(async (each, signal) => {
        await note(each);
        if (handled.length > 1) return;
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
        reasons.push(String(signal.reason));
      }, 2);
      await queue.wake(wake('long'), null);
      await vi.waitFor(() => expect(handled).toHaveLength(1), 5000);
      proxy.cut();
      await vi.waitFor(() => expect(reasons).toHaveLength(1), { timeout: 4 * leaseMs });
      expect(reasons[0]).toContain('lease');
      proxy.heal();
      await vi.waitFor(() => expect(handled).toHaveLength(2), { timeout: 15_000 });
    });

    it.concurrent('does not keep a consumer from stopping', async ({ expect, onTestFinished }) => {
      const { queue, proxy, note } = await bench(onTestFinished);
      const consumer = await queue.consume(note, 2);
      proxy.cut();
      const since = performance.now();
      await consumer.stop();
      expect(performance.now() - since).toBeLessThan(5000);
    });

    it('costs little work while it lasts', async ({ onTestFinished }) => {
      const { queue, proxy, note } = await bench(onTestFinished);
      await queue.consume(note, 2);
      await delay(100);
      proxy.cut();
      await delay(50);
      const before = process.cpuUsage();
      await delay(500);
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000).toBeLessThan(250);
    });
  });
}

describe.skipIf(!requireServer('redis'))('Redis', () => {
  let server: RunningServer;
  let admin: Redis;
  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.url);
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  outages(
    'Redis',
    () => Number(new URL(server.url).port),
    async (port, queueName) => {
      const backend = await openRedisBackend({ url: `redis://127.0.0.1:${port}`, log });
      const queue = createBullQueue({ ...common, backend, name: queueName });
      return { queue, close: queue.close };
    },
  );

  it('is refused when it would evict keys', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(openRedisBackend({ url: server.url, log })).rejects.toMatchObject({
      code: 'queue.unavailable',
      retryable: false,
      message: expect.stringContaining('allkeys-lru'),
    });
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
  });

  it('is a Fault at the start when nothing is there', async () => {
    await expect(
      openRedisBackend({ url: 'redis://127.0.0.1:1', log, connectMs: 300 }),
    ).rejects.toMatchObject({
      code: 'queue.unavailable',
      retryable: true,
    });
  });

  it('aborts a handler whose lease another took', async () => {
    const queue = createBullQueue({
      ...common,
      backend: await openRedisBackend({ url: server.url, log }),
    });
    const aborted = Promise.withResolvers<unknown>();
    await queue.consume(async (_, signal) => {
      await admin.flushall();
      signal.addEventListener('abort', () => aborted.resolve(signal.reason));
      await aborted.promise;
    }, 1);
    await queue.wake(wake('a'), null);
    expect(String(await aborted.promise)).toContain('lease');
    await queue.close();
  });
});

describe.skipIf(!requireServer('postgres'))('Postgres', () => {
  let database: URL;
  beforeAll(async () => {
    database = new URL(await freshDatabase());
  });

  outages(
    'Postgres',
    () => Number(database.port),
    async (port, queueName) => {
      const behind = new URL(database);
      behind.port = `${port}`;
      const pool = new pg.Pool({ connectionString: behind.href, ...queuePoolSettings });
      const backend = await openPostgresBackend({ pool, log });
      const queue = createBullQueue({ ...common, backend, name: queueName });
      return {
        queue,
        close: async () => {
          await queue.close();
          await pool.end();
        },
      };
    },
  );
});
