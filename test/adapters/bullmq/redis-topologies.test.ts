import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createBullQueue } from '#adapters/bullmq/bull-queue.ts';
import { openRedisBackend } from '#adapters/bullmq/redis-backend.ts';
import { freePort, requireServer } from '../../servers.ts';
import { silentLog as log, silentTelemetry as telemetry } from '../silent.ts';

describe.skipIf(!requireServer('redis'))('Redis as', () => {
  const home = mkdtempSync(join(tmpdir(), 'signalbox-redis-'));
  const stops: (() => Promise<void>)[] = [];
  const urls = { cluster: '', sentinel: '' };

  async function launch(...args: readonly string[]): Promise<void> {
    const child = spawn('redis-server', [...args, '--dir', home, '--bind', '127.0.0.1'], {
      stdio: 'ignore',
    });
    stops.push(async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    });
  }

  async function ask(port: number, command: string, ...args: string[]): Promise<unknown> {
    const client = new Redis(port, '127.0.0.1');
    client.on('error', () => {});
    try {
      return await client.call(command, ...args);
    } finally {
      client.disconnect();
    }
  }

  beforeAll(async () => {
    const [node, master, sentinel] = [await freePort(), await freePort(), await freePort()];
    await launch('--port', `${node}`, '--save', '', '--cluster-enabled', 'yes');
    await ask(node, 'config', 'set', 'cluster-announce-ip', '127.0.0.1');
    await ask(node, 'cluster', 'addslotsrange', '0', '16383');
    await launch('--port', `${master}`, '--save', '');
    await ask(master, 'ping');
    const conf = join(home, 'sentinel.conf');
    writeFileSync(conf, `port ${sentinel}\nsentinel monitor main 127.0.0.1 ${master} 1\n`);
    await launch(conf, '--sentinel');
    await ask(sentinel, 'ping');
    urls.cluster = `redis-cluster://127.0.0.1:${node}`;
    urls.sentinel = `redis-sentinel://127.0.0.1:${sentinel}/main`;
  });

  afterAll(async () => {
    for (const stop of stops) await stop();
    rmSync(home, { recursive: true });
  });

  it.each(['cluster', 'sentinel'] as const)('a %s wakes at once and later', async (kind) => {
    const queue = createBullQueue({
      backend: await openRedisBackend({ url: urls[kind], log }),
      clock: { now: Date.now },
      log,
      telemetry,
    });
    const handled: string[] = [];
    await queue.consume(async ({ subject }) => {
      handled.push(subject);
    }, 4);
    for (let n = 0; n < 10; n += 1) {
      const at = n % 2 === 0 ? null : Date.now() + 100;
      await queue.wake({ topic: 'rollout', subject: `${n}`, attempt: '1' }, at);
    }
    await vi.waitFor(() => expect(new Set(handled).size).toBe(10), { timeout: 10_000 });
    expect(handled).toHaveLength(10);
    expect(await queue.healthy()).toBe(true);
    await queue.close();
  });
});
