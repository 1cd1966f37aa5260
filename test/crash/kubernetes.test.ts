import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Recorded } from '#adapters/kubernetes/recorded.ts';
import type { FailpointName } from '#core/failpoints.ts';
import { freshDatabase } from '../fresh-database.ts';
import { token } from '../kubernetes/cluster.ts';
import { type Nemesis, startNemesis } from '../kubernetes/nemesis.ts';
import { freshNamespace, type SharedCluster } from '../kubernetes/shared-cluster.ts';
import { applyShop } from '../kubernetes/shop.ts';
import { requireKubernetes } from '../kubernetes/tools.ts';
import { requireServer } from '../servers.ts';
import { shopArtifact } from './scenario.ts';

/** Every effect on the cluster; the others of a release are the same whatever the target is. */
const all: readonly FailpointName[] = [
  'before-target-run',
  'after-target-run',
  'before-target-prepare',
  'after-target-prepare',
  'before-target-shift',
  'after-target-shift',
  'before-target-promote',
  'after-target-promote',
  'before-target-retire',
  'after-target-retire',
];
const some: readonly FailpointName[] = ['after-target-prepare', 'after-target-promote'];
const deaths = process.env['SIGNALBOX_TEST_CRASHES'] === 'all' ? all : some;

const Body = z.object({
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

const isHere = [requireKubernetes(), requireServer('postgres')].every(Boolean);

describe.skipIf(!isHere)('killed around effects on a real API server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-crash-'));
  let cluster: SharedCluster;
  let nemesis: Nemesis;
  let database: string;

  beforeAll(async () => {
    cluster = await freshNamespace();
    await applyShop(cluster, { artifact: shopArtifact('v1') });
    nemesis = await startNemesis(cluster.url, token);
    database = await freshDatabase();
  });
  afterAll(async () => {
    await nemesis.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function run(failpoint: string | null): Promise<'killed' | 'ended'> {
    const options = {
      access: { kind: 'kubeconfig', file: nemesis.kubeconfig },
      namespace: cluster.namespace,
      settle: 0,
      services: { shop: { jobs: { migrate: { kind: 'job', command: ['true'] } } } },
    };
    const rig = new URL('./rig.ts', import.meta.url).pathname;
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [rig, folder, 'good'], {
        env: {
          ...process.env,
          DB: database,
          KUBERNETES: JSON.stringify(options),
          ...(failpoint === null ? {} : { FAIL: failpoint }),
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (part: Buffer) => {
        said += part.toString();
      });
      child.on('error', reject);
      child.on('close', (code, signal) => {
        if (signal === 'SIGKILL') resolve('killed');
        else if (code === 0) resolve('ended');
        else reject(new Error(`The rig failed: ${code} ${said}`));
      });
    });
  }

  /** What the API server took of the record of stable's Deployment, in order. */
  function records(): readonly Recorded[] {
    return nemesis
      .taken()
      .filter(({ path }) => /\/deployments\/shop\?/.test(path))
      .map(({ body }) => Body.parse(JSON.parse(body)).metadata.annotations['signalbox.dev/state'])
      .filter((state) => state !== undefined)
      .map((state) => Recorded.parse(JSON.parse(state)));
  }

  it('comes to a good end, with each effect once and fences that never fall', {
    timeout: 300_000,
  }, async () => {
    for (const name of deaths) expect([name, await run(name)]).toEqual([name, 'killed']);
    expect(await run(null)).toBe('ended');
    const errors = join(folder, 'errors.log');
    expect(existsSync(errors) ? readFileSync(errors, 'utf8') : '').toBe('');

    const taken = records();
    const fences = taken.map(({ epoch, desired }) => epoch * 1e6 + (desired.stamp?.fence ?? 0));
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    const byStep = new Map<string, Set<string>>();
    for (const { desired } of taken) {
      const key = `${desired.stamp?.rollout} step ${desired.stamp?.step}`;
      byStep.set(key, (byStep.get(key) ?? new Set()).add(JSON.stringify(desired)));
    }
    expect([...byStep].filter(([, states]) => states.size > 1).map(([key]) => key)).toEqual([]);
    expect(byStep.size).toBeGreaterThanOrEqual(5);
    const end = taken.at(-1)?.desired;
    expect(end).toMatchObject({ candidate: null, weight: 0 });
    expect(end?.stable?.digest).not.toBe(shopArtifact('v1').digest);
  });
});
