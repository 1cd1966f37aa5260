import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { Settings } from '#core/settings/settings.ts';
import { Values } from '../../helm/values.ts';
import { readProjectFile } from '../architecture/tree.ts';
import { requireKubernetes } from '../kubernetes/tools.ts';
import { lint, type Rendered, render } from './helm.ts';

const everything = {
  settings: { version: 1, organisation: 'Example' },
  environment: { SIGNALBOX_RECONCILE: '10' },
  alertWebhooks: { mutualTls: { enabled: true, secretName: 'alerts' } },
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
    [
      'a secret outside of the Secret',
      { environment: { DATABASE_URL: 'postgres://' } },
      /DATABASE_URL/,
    ],
    [
      'certificates from nowhere',
      { alertWebhooks: { mutualTls: { enabled: true } } },
      /secretName is needed/,
    ],
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
        expect(container.env).toContainEqual({ name: 'SIGNALBOX_RECONCILE', value: '10' });
        expect(container.env.map(({ name }) => name)).toContain('DATABASE_URL_FILE');
      }
    }
  });

  it('takes every section of the settings, and gives them to the pods as they are', () => {
    const settings: unknown = parse(readProjectFile('examples/kubernetes.yaml'));
    const more = {
      ...z.record(z.string(), z.unknown()).parse(settings),
      digests: { day: { channel: 'releases', at: '17:00', zone: 'Europe/Berlin' } },
      hosts: { github: { adapter: 'github' } },
      alerts: {
        channel: 'releases',
        rules: [{ match: { job: 'shop' }, service: 'shop', environment: 'production' }],
        mutualTls: { names: ['alertmanager'], port: 1 },
      },
    };
    const secret = { keys: ['DATABASE_URL', 'SIGNALBOX_ALERT_TOKEN', 'SIGNALBOX_ON_CALL_TOKEN'] };
    const mutualTls = { enabled: true, secretName: 'alerts' };
    const objects = objectsOf({ settings: more, secret, alertWebhooks: { mutualTls } });
    const maps = objects.filter(({ kind }) => kind === 'ConfigMap');
    expect(maps).toHaveLength(2);
    for (const map of maps) {
      const { data } = z.object({ data: z.record(z.string(), z.string()) }).parse(map);
      const given = Settings.parse(parse(data['signalbox.yaml'] ?? ''));
      expect(given).toEqual(
        Settings.parse({
          ...more,
          alerts: {
            ...more.alerts,
            mutualTls: {
              names: ['alertmanager'],
              host: '0.0.0.0',
              port: 7443,
              certificate: '/run/certificates/alerts/tls.crt',
              key: '/run/certificates/alerts/tls.key',
              authorities: '/run/certificates/alerts/ca.crt',
            },
          },
        }),
      );
    }
  });

  it('opens the listener for certificates on what serves alone, and to those who are named', () => {
    const from = [{ podSelector: { matchLabels: { app: 'alertmanager' } } }];
    const mutualTls = { enabled: true, secretName: 'alerts', port: 8443, servicePort: 443, from };
    const objects = objectsOf({ alertWebhooks: { mutualTls } });
    const named = (kind: string, name: string) =>
      objects.find((one) => one.kind === kind && one.metadata.name === name);
    expect(named('Service', 'signalbox')).toMatchObject({
      spec: { ports: [{ name: 'http' }, { name: 'alerts', port: 443, targetPort: 'alerts' }] },
    });
    expect(named('NetworkPolicy', 'signalbox-serve')).toMatchObject({
      spec: { ingress: [{}, { from, ports: [{ port: 'alerts', protocol: 'TCP' }] }] },
    });
    for (const { of, spec } of podsOf(objects)) {
      const text = JSON.stringify(spec);
      const has = ['"containerPort":8443', '/run/certificates/alerts', '"secretName":"alerts"'];
      expect([of, has.filter((part) => text.includes(part))]).toEqual([
        of,
        of === 'serve' ? has : [],
      ]);
    }
    const closed = { mutualTls: { ...mutualTls, from: [] } };
    expect(JSON.stringify(objectsOf({ alertWebhooks: closed }))).not.toContain('"port":"alerts"');
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

const Pod = z.looseObject({
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
