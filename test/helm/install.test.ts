import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { token } from '../kubernetes/cluster.ts';
import { type Nemesis, startNemesis } from '../kubernetes/nemesis.ts';
import { freshNamespace, type SharedCluster } from '../kubernetes/shared-cluster.ts';
import { requireKubernetes } from '../kubernetes/tools.ts';
import { manage } from './helm.ts';

const Owners = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ replicas: z.number() }),
      status: z.object({ readyReplicas: z.number().default(0) }),
    }),
  ),
});

describe.runIf(requireKubernetes())('helm with a real API server', () => {
  let cluster: SharedCluster;
  let nemesis: Nemesis;
  let release: string;
  beforeAll(async () => {
    cluster = await freshNamespace();
    nemesis = await startNemesis(cluster.url, token);
    // The Role beside kube-system is named after it, and other tests may install too.
    release = `signalbox-${cluster.namespace}`;
  });
  afterAll(async () => {
    await nemesis.close();
  });

  const values = (serve: number) => ({
    settings: { version: 1 },
    serve: { replicas: serve },
    rbac: { namespaces: [cluster.namespace] },
  });
  const where = () => ({ kubeconfig: nemesis.kubeconfig, namespace: cluster.namespace });

  /** The collections that helm wrote to since a place in the order of writes. */
  function writtenSince(from: number): readonly string[] {
    return nemesis
      .taken()
      .slice(from)
      .map(({ path }) => /\/namespaces\/[^/]+\/(\w+)/.exec(path)?.[1] ?? '');
  }

  /** Made and, once it had succeeded, deleted: both before the first Deployment. */
  function migratedFirst(written: readonly string[]): boolean {
    const job = written.indexOf('jobs');
    const gone = written.lastIndexOf('jobs');
    return job >= 0 && job < gone && gone < written.indexOf('deployments');
  }

  async function ready(): Promise<Readonly<Record<string, number>>> {
    const path = `/apis/apps/v1/namespaces/${cluster.namespace}/deployments`;
    const { items } = Owners.parse((await cluster.ask('GET', path)).body);
    return Object.fromEntries(
      items.map(({ metadata, status }) => [
        metadata.name.replace(`${release}-`, ''),
        status.readyReplicas,
      ]),
    );
  }

  it('installs: the migration first and to its end, then what serves and works', async () => {
    expect(await manage('install', release, where(), values(2))).toContain('STATUS: deployed');
    const written = writtenSince(0);
    expect(written.indexOf('configmaps')).toBeLessThan(written.indexOf('jobs'));
    expect(migratedFirst(written)).toBe(true);
    expect(await ready()).toEqual({ serve: 2, work: 2 });
    const jobs = `/apis/batch/v1/namespaces/${cluster.namespace}/jobs`;
    expect((await cluster.ask('GET', jobs)).body).toMatchObject({ items: [] });
  }, 90_000);

  it('upgrades: the migration runs again before anything is replaced', async () => {
    const from = nemesis.taken().length;
    expect(await manage('upgrade', release, where(), values(3))).toContain('REVISION: 2');
    expect(migratedFirst(writtenSince(from))).toBe(true);
    expect(await ready()).toEqual({ serve: 3, work: 2 });
  }, 90_000);

  it('uninstalls, and leaves no rights behind', async () => {
    await manage('uninstall', release, where());
    expect(await ready()).toEqual({});
    const roles = `/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/roles`;
    expect(JSON.stringify((await cluster.ask('GET', roles)).body)).not.toContain(release);
  }, 90_000);
});
