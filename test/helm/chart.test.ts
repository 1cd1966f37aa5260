import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { Values } from '../../helm/values.ts';
import { readProjectFile } from '../architecture/tree.ts';
import { requireKubernetes } from '../kubernetes/tools.ts';
import { lint, type Rendered, render } from './helm.ts';

const everything = {
  settings: { version: 1, organisation: 'Example' },
  image: { digest: `sha256:${'a'.repeat(64)}` },
  rbac: { namespaces: ['shop', 'pay'] },
  ingress: { enabled: true, host: 'signalbox.example.com', tlsSecret: 'tls', className: 'nginx' },
  httpRoute: { enabled: true, host: 'signalbox.example.com', parentRefs: [{ name: 'edge' }] },
  monitoring: {
    serviceMonitor: { enabled: true },
    prometheusRule: { enabled: true },
    dashboards: { enabled: true },
  },
};

it('values.yaml gives every value, and nothing else', () => {
  const given: unknown = parse(readProjectFile('helm/signalbox/values.yaml'));
  expect(Values.parse(given)).toEqual(given);
});

it('the chart has the version of the product', () => {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readProjectFile('package.json')));
  const chart: unknown = parse(readProjectFile('helm/signalbox/Chart.yaml'));
  expect(chart).toMatchObject({ appVersion: version });
});

describe.runIf(requireKubernetes())('what helm makes of it', () => {
  it.each([
    ['as it comes', {}],
    ['everything', everything],
  ])('lints: %s', (_, values) => {
    expect(lint(values)).toMatchObject({ ok: true });
  });

  const tables: readonly (readonly [string, object, readonly string[]])[] = [
    [
      'as it comes',
      {},
      [
        'ConfigMap signalbox-migration',
        'ConfigMap signalbox-settings',
        'Deployment signalbox-serve',
        'Deployment signalbox-work',
        'Job signalbox-migration',
        'NetworkPolicy signalbox',
        'NetworkPolicy signalbox-serve',
        'PodDisruptionBudget signalbox-serve',
        'PodDisruptionBudget signalbox-work',
        'Service signalbox',
        'ServiceAccount signalbox',
      ],
    ],
    [
      'with less',
      {
        existingSettings: 'mine',
        work: { replicas: 1 },
        migration: { enabled: false },
        networkPolicy: { enabled: false },
        serviceAccount: { create: false, name: 'mine' },
      },
      [
        'Deployment signalbox-serve',
        'Deployment signalbox-work',
        'PodDisruptionBudget signalbox-serve',
        'Service signalbox',
      ],
    ],
  ];

  it.each(tables)('renders, %s, these', (_, values, names) => {
    expect(
      objectsOf(values)
        .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
        .sort(),
    ).toEqual(names);
  });

  it.each([
    ['an unknown value', { replica: 2 }, /replica/],
    ['replicas that are none', { serve: { replicas: 'two' } }, /replicas/],
    ['a digest that is none', { image: { digest: 'sha256:1' } }, /digest/],
    ['a secret that nothing reads', { secret: { keys: ['SLACK_TOKEN'] } }, /keys/],
    ['an Ingress without a host', { ingress: { enabled: true } }, /ingress\.host is needed/],
  ])('refuses %s', (_, values, said) => {
    expect(render(values)).toMatchObject({ ok: false, said: expect.stringMatching(said) });
  });

  it('runs every container with nothing that it does not need', () => {
    const pods = podsOf(objectsOf(everything));
    expect(pods.map(({ of }) => of)).toEqual(['serve', 'work', 'migration']);
    for (const { spec } of pods) {
      expect(spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          privileged: false,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.image).toBe(`ghcr.io/signalbox/signalbox@sha256:${'a'.repeat(64)}`);
        // Secrets are files: none becomes part of the environment.
        for (const { value } of container.env) expect(value).toBeDefined();
        expect(container.env.map(({ name }) => name)).toContain('DATABASE_URL_FILE');
      }
    }
  });

  it('probes both parts, and reads secrets of the Kubernetes API in none', () => {
    const objects = objectsOf(everything);
    for (const { of, spec } of podsOf(objects)) {
      if (of === 'migration') continue;
      const [container] = spec.containers;
      expect(container).toMatchObject({
        args: [of],
        livenessProbe: { httpGet: { path: '/healthz' } },
        readinessProbe: { httpGet: { path: '/readyz' } },
      });
    }
    const roles = objects.filter(({ kind }) => kind.endsWith('Role'));
    expect(roles.map(({ kind, metadata }) => `${kind} in ${metadata.namespace}`)).toEqual([
      'Role in shop',
      'Role in pay',
      'Role in kube-system',
    ]);
    const text = JSON.stringify(roles);
    expect(text).not.toMatch(/secrets|\*|escalate|"bind"|impersonate|exec|update/);
  });
});

const Pod = z.object({
  securityContext: z.unknown(),
  containers: z.array(
    z.looseObject({
      image: z.string(),
      securityContext: z.unknown(),
      env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
    }),
  ),
  initContainers: z
    .array(
      z.looseObject({
        image: z.string(),
        securityContext: z.unknown(),
        env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
      }),
    )
    .optional(),
});
const Owner = z.object({ spec: z.object({ template: z.object({ spec: Pod }) }) });

function podsOf(objects: readonly Rendered[]) {
  const owners = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'Job');
  return owners.map((owner) => ({
    of: owner.metadata.name.replace('signalbox-', ''),
    spec: Owner.parse(owner).spec.template.spec,
  }));
}

function objectsOf(values: unknown): readonly Rendered[] {
  const rendering = render(values);
  if (!rendering.ok) throw new Error(rendering.said);
  return rendering.objects;
}
