import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FailpointName } from '#core/failpoints.ts';
import { freshDatabase } from '../fresh-database.ts';
import { token } from '../kubernetes/cluster.ts';
import { startNemesis } from '../kubernetes/nemesis.ts';
import { freshNamespace } from '../kubernetes/shared-cluster.ts';
import { applyShop } from '../kubernetes/shop.ts';
import { requireKubernetes } from '../kubernetes/tools.ts';
import { requireServer } from '../servers.ts';
import { crashFolder, dieEverywhere, type Portion, portions } from './die-everywhere.ts';
import { effectsTaken } from './kubernetes-effects.ts';
import { shopArtifact } from './scenario.ts';

/** One death around an effect of each kind of release; the rest on demand, for it takes minutes. */
const some: readonly FailpointName[] = [
  'after-target-promote',
  'after-target-replace',
  'after-record-back',
];
/** Where shares are copies, stable has all that its share needs: it grows as the weight goes back. */
const notAsked: readonly FailpointName[] = ['before-target-restore', 'after-target-restore'];
const all = process.env['SIGNALBOX_TEST_CRASHES'] === 'all';
const walked = portions
  .map(
    (portion): Portion => ({
      ...portion,
      names: portion.names.filter((name) => all || some.includes(name)),
    }),
  )
  .filter(({ names }) => names.length > 0);

const isHere = [requireKubernetes(), requireServer('postgres')].every(Boolean);

describe.skipIf(!isHere)('killed around effects on a real API server', () => {
  // One after the other: they share the cluster with the tests beside this one.
  it.for(walked)('$title', { timeout: 900_000 }, async (portion) => {
    const folder = crashFolder();
    const cluster = await freshNamespace();
    await applyShop(cluster, { artifact: shopArtifact('v1'), replicas: 2 });
    const nemesis = await startNemesis(cluster.url, token);
    const options = {
      access: { kind: 'kubeconfig', file: nemesis.kubeconfig },
      namespace: cluster.namespace,
      settle: 0,
      services: { shop: { jobs: { migrate: { kind: 'job', command: ['true'] } } } },
    };
    const backend = { DB: await freshDatabase(), KUBERNETES: JSON.stringify(options) };
    try {
      const notReached = await dieEverywhere(folder, portion, backend, () => effectsTaken(nemesis));
      expect(notReached).toEqual(portion.names.filter((name) => notAsked.includes(name)));
      const kinds = new Set(effectsTaken(nemesis).map(({ change }) => change.kind));
      expect([...kinds]).toEqual(expect.arrayContaining(effectsOf[portion.scenario]));
    } finally {
      await nemesis.close();
      rmSync(folder, { recursive: true, force: true });
      await cluster.ask('DELETE', `/api/v1/namespaces/${cluster.namespace}`);
    }
  });
});

/** What a release of each kind does at least. */
const effectsOf = {
  good: ['run', 'prepare', 'shift', 'promote', 'retire'],
  bad: ['prepare', 'shift', 'retire'],
  rolling: ['replace'],
};
