import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Metric } from '#core/analysis/metric.ts';
import type { Artifact } from '#core/release.ts';
import type { TargetChange } from '#ports/delivery-target.ts';
import {
  createHurriedSandbox,
  freshDirectory,
  type HurriedSandbox,
  tally,
  until,
  version,
} from './bench.ts';

const ref = { target: 'here', service: 'shop', environment: 'production' };
const errors = Metric.parse({ name: 'e', type: 'ratio', query: { template: 'http-errors' } });

describe('the way into a sandbox place', () => {
  let directory: Awaited<ReturnType<typeof freshDirectory>>;
  let sandbox: HurriedSandbox;
  let identity: string;
  let step = 0;
  beforeAll(async () => {
    directory = await freshDirectory();
    sandbox = createHurriedSandbox(directory.path, { instances: 2, requestsPerSecond: 100 });
    identity = (await sandbox.target.inspect(ref)).identity;
    await settled(({ stable }) => stable?.ready === 2);
  });
  afterAll(async () => {
    await sandbox.close();
    await directory[Symbol.asyncDispose]();
  });

  type Status = Awaited<ReturnType<HurriedSandbox['target']['inspect']>>;
  function settled(holds: (status: Status) => boolean): Promise<Status> {
    return until('settled', () => sandbox.target.inspect(ref), holds);
  }

  async function ask(change: TargetChange): Promise<void> {
    step += 1;
    const stamp = { rollout: 'shop-1', planHash: 'p1', step, fence: 1 };
    await sandbox.target.change(ref, change, stamp, identity);
  }

  async function visit(accept: string, service = 'shop'): Promise<Response> {
    const place = (await sandbox.places()).find((it) => it.ref.service === service);
    return fetch(place?.url ?? '', { headers: { accept } });
  }

  /** All that visitors got since `from`, on either side. */
  async function got(from: number, artifacts: readonly Artifact[]) {
    const window = { metric: errors, target: ref, from, to: Date.now(), stepSeconds: 0.2 };
    const sides = ['stable', 'candidate'] as const;
    const questions = artifacts.flatMap((artifact) =>
      sides.map((side) => ({ ...window, side, artifact })),
    );
    return tally(...(await Promise.all(questions.map(sandbox.metrics.read))));
  }

  it('shows people a page, and programs the version that answered', async () => {
    const page = await visit('text/html');
    expect(await page.text()).toContain('<h1>shop in production</h1>');
    const answer = await visit('application/json');
    expect(answer.headers.get('x-sandbox-side')).toBe('stable');
    expect(await answer.json()).toMatchObject({ service: 'shop', version: 'v1', ok: true });
  });

  it('loses no request while stable is replaced, promoted over, and replaced again', async () => {
    const [v1, v2] = [await version(sandbox, 'v1'), await version(sandbox, 'v2')];
    const from = Date.now();
    await ask({ kind: 'replace', artifact: v2 });
    await settled(({ stable }) => stable?.artifact.version === 'v2' && stable.ready === 2);
    await ask({ kind: 'prepare', artifact: v1, capacityPercent: 50 });
    await ask({ kind: 'shift', weight: 50 });
    await settled(({ weight, weightProof }) => weight === 50 && weightProof === 'measured');
    await ask({ kind: 'promote' });
    await settled(({ weight, stable }) => weight === 0 && stable?.ready === 2);
    await ask({ kind: 'retire' });
    await settled(({ candidate }) => candidate === null);
    const { total, bad } = await until(
      'counted',
      () => got(from, [v1, v2]),
      (sum) => sum.total > 200,
    );
    expect({ total, bad }).toEqual({ total, bad: 0 });
  });

  it('gives a fresh baseline the same share as the candidate, and removes them together', async () => {
    const [v1, v2] = [await version(sandbox, 'v1'), await version(sandbox, 'v2')];
    await ask({ kind: 'replace', artifact: v2 });
    await settled(({ stable }) => stable?.artifact.version === 'v2' && stable.ready === 2);
    await ask({ kind: 'prepare', artifact: v1, capacityPercent: 50, baseline: true });
    await settled(({ candidate, baseline }) => candidate?.ready === 1 && baseline?.ready === 1);
    await ask({ kind: 'shift', weight: 25 });
    const { baseline } = await settled(({ weight }) => weight === 25);
    expect(baseline).toMatchObject({ artifact: { version: 'v2' }, wanted: 1, ready: 1 });
    const from = Date.now();
    const window = { metric: errors, target: ref, from, to: from + 60_000, stepSeconds: 0.2 };
    const sides = [
      { side: 'candidate', artifact: v1 },
      { side: 'baseline', artifact: v2 },
      { side: 'stable', artifact: v2 },
    ] as const;
    await until(
      'measured',
      () =>
        Promise.all(
          sides.map(async (it) => tally(await sandbox.metrics.read({ ...window, ...it }))),
        ),
      // The sides are scraped one after another: a late scrape is made good by the next.
      ([candidate, baseline, stable]) => {
        const [canary = 0, beside = 0, rest = 0] = [candidate, baseline, stable].map(
          (side) => side?.total,
        );
        const close = Math.abs(beside - canary) <= 12 && Math.abs(rest - 2 * canary) <= 24;
        return canary >= 40 && close;
      },
    );
    await ask({ kind: 'retire' });
    expect(await settled(({ candidate }) => candidate === null)).toMatchObject({ baseline: null });
    await until(
      'gone',
      async () => (await sandbox.places()).flatMap(({ instances }) => instances),
      (instances) => instances.length === 2,
    );
  });

  it('counts what no instance answered as errors of the side', async () => {
    const from = Date.now();
    const stable = (await sandbox.target.inspect(ref)).stable?.artifact;
    if (stable === undefined) throw new Error('nothing is stable');
    for (const { instances } of await sandbox.places()) {
      for (const { pid } of instances) process.kill(pid ?? 0, 'SIGKILL');
    }
    await until(
      'counted',
      () => got(from, [stable]),
      ({ bad }) => bad > 0,
    );
    await settled((status) => status.stable?.ready === 2);
  });

  it('answers 502 before the first release, and then what was released', async () => {
    const place = { ...ref, service: 'blog' };
    const first = await sandbox.target.inspect(place);
    expect(first).toMatchObject({ stable: null, candidate: null, weight: 0 });
    expect((await visit('application/json', 'blog')).status).toBe(502);
    const artifact = await version(sandbox, 'v1', 'blog');
    const changes = [
      { kind: 'prepare', artifact, capacityPercent: 100 },
      { kind: 'shift', weight: 100 },
      { kind: 'promote' },
    ] as const;
    for (const [step, change] of changes.entries()) {
      const stamp = { rollout: 'blog-1', planHash: 'p1', step, fence: 1 };
      await sandbox.target.change(place, change, stamp, first.identity);
    }
    const released = await until(
      'released',
      () => sandbox.target.inspect(place),
      ({ stable }) => stable?.ready === 2,
    );
    expect(released).toMatchObject({ candidate: null, weight: 0 });
    expect((await visit('application/json', 'blog')).status).toBe(200);
  });
});
