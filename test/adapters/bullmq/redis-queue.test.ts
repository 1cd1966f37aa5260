import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe } from 'vitest';
import { createBullQueue } from '#adapters/bullmq/bull-queue.ts';
import { openRedisBackend } from '#adapters/bullmq/redis-backend.ts';
import { queueContract } from '../../contracts/queue.ts';
import { type RunningServer, requireServer, startRedis } from '../../servers.ts';
import { silentLog as log, silentTelemetry as telemetry } from '../silent.ts';
import { killConsumer } from './kill-consumer.ts';

const leaseMs = 2000;

describe.skipIf(!requireServer('redis'))('with Redis', () => {
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

  queueContract('BullMQ on Redis', async () => {
    await admin.flushall();
    const open = async () =>
      createBullQueue({
        backend: await openRedisBackend({ url: server.url, log }),
        clock: { now: Date.now },
        log,
        telemetry,
        leaseMs,
      });
    const queue = await open();
    return {
      queue: () => queue,
      another: open,
      now: Date.now,
      pass: (ms) => delay(ms),
      flush: async () => {
        await admin.flushall();
      },
      crashWhileHandling: async (wake) => {
        await queue.wake(wake, null);
        await killConsumer(server.url, leaseMs);
      },
      close: queue.close,
    };
  });
});
