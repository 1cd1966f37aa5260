import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage } from '#boot/storage.ts';
import { secret } from '#core/secret.ts';
import { silentLog } from '../adapters/silent.ts';
import { checkHistory, factsIn } from '../invariants/check.ts';
import type { HistoryAnswer, HistoryOutage } from '../invariants/history.ts';
import { recordHistory } from '../invariants/record.ts';
import {
  createDatabase,
  type FallibleServer,
  freePort,
  requireServer,
  startPostgres,
  startRedis,
} from '../servers.ts';
import { type House, openHouse, people, tokenOf } from './house.ts';
import { type PlayedPrometheus, playPrometheus } from './play-prometheus.ts';
import { watchedDemo } from './quick-settings.ts';
import { type Process, run, start, until } from './signalbox.ts';
import { watchTarget } from './target-record.ts';

const installed = [requireServer('postgres'), requireServer('redis')].every(Boolean);
const patience = { timeout: 200_000 };

describe.skipIf(!installed)('two that serve and two that work, on Postgres and Redis', () => {
  let postgres: FallibleServer;
  let redis: FallibleServer;
  let metrics: PlayedPrometheus;
  let database: string;
  let house: House;
  let ports: readonly [number, number];
  let target: ReturnType<typeof watchTarget>;
  let door = 0;
  const processes: Process[] = [];
  const answers: HistoryAnswer[] = [];
  const outages: HistoryOutage[] = [];

  const added = async (starting: Promise<Process>): Promise<Process> => {
    const one = await starting;
    processes.push(one);
    return one;
  };
  const work = (): Promise<Process> => added(start(house, ['work'], /works on releases/));
  const serve = (at: number): Promise<Process> => {
    const env = { ...house.env, SIGNALBOX_PORT: String(ports[at]) };
    return added(start({ ...house, env }, ['serve']));
  };

  async function approved(version: string): Promise<string> {
    const rollout = await house.deploy('shop', version);
    answers.push({ at: Date.now(), rollout });
    return rollout;
  }
  /** A release that has visitors on both versions. */
  async function inCanary(rollout: string): Promise<string> {
    await until(
      `the canary of ${rollout}`,
      async () => (await house.see(rollout))?.weights['production'] === 50,
    );
    return rollout;
  }
  const live = (rollout: string): Promise<void> => house.reaches(rollout, 'succeeded');
  async function pausedFor(rollout: string, reason: string): Promise<void> {
    await until(
      `${rollout} to pause: ${reason}`,
      async () => (await house.see(rollout))?.pause?.reason === reason,
    );
  }
  async function during<T>(of: HistoryOutage['of'], what: () => Promise<T>): Promise<T> {
    const from = Date.now();
    const result = await what();
    outages.push({ of, from, to: Date.now() });
    return result;
  }
  /** The process whose claim a release is, as the database has it. */
  async function claimant(rollout: string): Promise<{ process: Process; fence: number }> {
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    const id = `rollout:${rollout}`;
    const { rows } = await client
      .query('SELECT owner, fence FROM signalbox.stream WHERE id = $1', [id])
      .finally(() => client.end());
    const { owner, fence } = rows[0];
    const pid = Number(/-(\d+)-[0-9a-f]+$/.exec(owner)?.[1]);
    const found = processes.find(({ child }) => child.pid === pid);
    if (found === undefined) throw new Error(`Nobody here is ${owner}`);
    return { process: found, fence };
  }
  /** The host of the sandbox: proxies and instances hang on it. */
  function hostPid(): number {
    const folder = join(house.folder, '.signalbox', 'sandbox');
    const lease = readdirSync(folder)
      .filter((name) => /^host-\d+\.json$/.test(name))
      .toSorted((a, b) => a.length - b.length || a.localeCompare(b))
      .at(-1);
    return JSON.parse(readFileSync(join(folder, lease ?? ''), 'utf8')).pid;
  }

  beforeAll(async () => {
    [postgres, redis, metrics] = await Promise.all([
      startPostgres(),
      startRedis(),
      playPrometheus(),
    ]);
    database = await createDatabase(postgres.url);
    ports = [await freePort(), await freePort()];
    const env = { DATABASE_URL: database, REDIS_URL: redis.url, SIGNALBOX_RECONCILE: '1' };
    house = openHouse(watchedDemo(metrics.url), env, () => `http://127.0.0.1:${ports[door]}`);
    target = watchTarget(join(house.folder, '.signalbox'), 'production', 'shop');
    await serve(0);
    await Promise.all([serve(1), work(), work()]);
  }, 200_000);

  afterAll(async () => {
    target.stop();
    await Promise.all(processes.map((one) => one.kill('SIGKILL')));
    metrics.fall();
    await Promise.all([postgres.stop(), redis.stop()]);
    house.remove();
  });

  it('finish a release once when one of each is killed', patience, async () => {
    const rollout = await inCanary(await approved('v2'));
    const { process: owner } = await claimant(rollout);
    await Promise.all([processes[0]?.kill('SIGKILL'), owner.kill('SIGKILL')]);
    door = 1;
    await Promise.all([work(), live(rollout)]);
  });

  it(
    'go on when the queue forgets everything, and when it is away for a while',
    patience,
    async () => {
      const rollout = await approved('v8');
      const client = new Redis(redis.url);
      await client.flushall();
      await client.quit();
      await inCanary(rollout);
      await redis.fall();
      expect((await house.say('ada', 'status')).refusal).toBeNull();
      await redis.rise();
      await live(rollout);
    },
  );

  it('promise nothing while the database is away, and go on', patience, async () => {
    const rollout = await inCanary(await approved('v2'));
    await postgres.fall();
    await during('store', async () => {
      const no = await house.say('ada', 'deploy api v2');
      const promised = no.rollout ?? null;
      answers.push({ at: Date.now(), rollout: promised });
      expect([promised, no.refusal?.code]).toEqual([null, 'system.unavailable']);
    });
    await postgres.rise();
    await live(rollout);
  });

  it('pause without metrics, say so, and go on when told to', patience, async () => {
    metrics.fall();
    const rollout = await inCanary(await approved('v8'));
    await during('metrics', () => pausedFor(rollout, 'provider_down'));
    expect((await house.type('ada', 'show', rollout)).out).toMatch(/paused/i);
    await metrics.rise();
    expect((await house.say('ada', `resume ${rollout}`)).refusal).toBeNull();
    await live(rollout);
  });

  it('go on when all that runs at the target dies', patience, async () => {
    const rollout = await inCanary(await approved('v2'));
    process.kill(hostPid(), 'SIGKILL');
    await live(rollout);
  });

  it('pause while the target does not answer, and go on when told to', patience, async () => {
    const { rollout } = await house.say('ada', 'deploy shop v2 to staging');
    if (rollout == null) throw new Error('It was refused');
    answers.push({ at: Date.now(), rollout });
    await until('a start', async () => ((await house.see(rollout))?.startedAt ?? null) !== null);
    const host = hostPid();
    process.kill(host, 'SIGSTOP');
    const later = await during('target', async () => {
      const asked = (await house.say('ada', 'deploy api v2 to staging')).rollout ?? '';
      answers.push({ at: Date.now(), rollout: asked });
      await pausedFor(rollout, 'target_unavailable');
      await until('a reason', async () => (await house.see(asked))?.outage?.of === 'target');
      const said = (await house.type('ada', 'status', 'api')).out;
      expect(said).toMatch(/Waiting for the target staging.*target\.unavailable/s);
      return asked;
    });
    expect((await house.see(rollout))?.pause?.detail).toContain('did not answer in time');
    expect((await house.type('ada', 'show', rollout)).out).toMatch(/paused/i);
    process.kill(host, 'SIGCONT');
    expect((await house.say('ada', `resume ${rollout}`)).refusal).toBeNull();
    await live(rollout);
    await live(later);
    expect((await house.see(later))?.outage).toBeNull();
  });

  it('shut out a worker that wakes past its claim', patience, async () => {
    const rollout = await inCanary(await approved('v8'));
    const { process: sleeper, fence } = await claimant(rollout);
    await sleeper.kill('SIGSTOP');
    await until('another to take over', async () => (await claimant(rollout)).fence > fence);
    expect((await claimant(rollout)).process).not.toBe(sleeper);
    await sleeper.kill('SIGCONT');
    await live(rollout);
    expect(
      target.effects.filter(({ stamp }) => stamp.rollout === rollout).at(-1)?.stamp.fence,
    ).toBeGreaterThan(fence);
  });

  it('leave a history in which everything holds', patience, async () => {
    const env = { ...house.env, SIGNALBOX_TOKEN: tokenOf('ada') };
    const audited = await run({ ...house, env }, 'audit', 'verify');
    expect([audited.code, audited.out]).toEqual([0, expect.stringContaining('unaltered')]);
    const storage = await openStorage({
      url: secret(database),
      dataFolder: house.folder,
      log: silentLog,
      failpoint: async () => {},
    });
    await until('all words to be said', async () => {
      const due = await storage.store.transact((tx) => tx.dueSurfaces(tx.now + 3_600_000, 1));
      return due.length === 0;
    });
    const history = await recordHistory(storage, {
      effects: target.effects,
      answers,
      outages,
      written: processes.map((one) => one.log()),
      secrets: [
        ...people.map(tokenOf),
        readFileSync(join(house.folder, '.signalbox', 'installation.secret'), 'utf8').trim(),
      ],
      audit: 'intact',
    });
    await storage.close();
    expect(checkHistory(history)).toEqual([]);
    const { I10: waysBack, ...facts } = factsIn(history);
    expect(waysBack).toBe(0);
    expect(Math.min(...Object.values(facts))).toBeGreaterThanOrEqual(3);
  });
});
