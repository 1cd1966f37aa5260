import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type FailpointName, failpointNames } from '#core/failpoints.ts';
import { freshDatabase } from '../fresh-database.ts';
import { token } from '../kubernetes/cluster.ts';
import { startNemesis } from '../kubernetes/nemesis.ts';
import { freshNamespace } from '../kubernetes/shared-cluster.ts';
import { applyShop } from '../kubernetes/shop.ts';
import { requireKubernetes } from '../kubernetes/tools.ts';
import { requireServer } from '../servers.ts';
import { crashFolder, dieEverywhere, everywhere, type Walk, walkTo } from './die-everywhere.ts';
import { effectsTaken } from './kubernetes-effects.ts';
import { laneArtifact, lanesOf } from './scenario.ts';

/** One death around an effect of each kind of release; the rest on demand, for it takes minutes. */
const some: readonly FailpointName[] = [
  'after-target-promote',
  'after-target-replace',
  'after-record-back',
];
/** Where shares are copies, stable has all that its share needs: it grows as the weight goes back. */
const notAsked: readonly FailpointName[] = ['before-target-restore', 'after-target-restore'];

function walk(): Walk {
  if (process.env['SIGNALBOX_TEST_CRASHES'] !== 'all') {
    return walkTo(some, { good: 1, bad: 1, rolling: 1 });
  }
  const asked = failpointNames.filter((name) => !notAsked.includes(name));
  const { lanes, deaths } = walkTo(asked, everywhere.lanes);
  return { lanes, deaths: [...deaths, notAsked] };
}

const isHere = [requireKubernetes(), requireServer('postgres')].every(Boolean);

describe.skipIf(!isHere)('killed around effects on a real API server', () => {
  it('in every kind of release', { timeout: 900_000 }, async () => {
    const folder = crashFolder();
    const cluster = await freshNamespace();
    const { lanes, deaths } = walk();
    const services = lanesOf(lanes);
    for (const { service: name } of services) {
      await applyShop(cluster, { name, artifact: laneArtifact(name, 'v1'), replicas: 2 });
    }
    const nemesis = await startNemesis(cluster.url, token);
    const jobs = { migrate: { kind: 'job', command: ['true'] } };
    const options = {
      access: { kind: 'kubeconfig', file: nemesis.kubeconfig },
      namespace: cluster.namespace,
      settle: 0,
      services: Object.fromEntries(services.map(({ service }) => [service, { jobs }])),
    };
    const backend = { DB: await freshDatabase(), KUBERNETES: JSON.stringify(options) };
    try {
      const taken = () => effectsTaken(nemesis);
      const notReached = await dieEverywhere(folder, { lanes, deaths }, backend, taken);
      expect(notReached).toEqual(deaths.flat().filter((name) => notAsked.includes(name)));
      for (const { service, scenario } of services) {
        const own = taken().filter(({ target }) => target === service);
        const kinds = [...new Set(own.map(({ change }) => change.kind))];
        expect(kinds).toEqual(expect.arrayContaining(effectsOf[scenario]));
      }
    } finally {
      await nemesis.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** What a release of each kind does at least. */
const effectsOf = {
  good: ['run', 'prepare', 'shift', 'promote', 'retire'],
  bad: ['prepare', 'shift', 'retire'],
  rolling: ['replace'],
};
