import { z } from 'zod';
import { Environment, isSecret } from '../src/core/settings/environment.ts';

// The values of the chart. values.schema.json is written from this file by its test:
// npx vitest run test/architecture/settings-files.test.ts -u

const variables = Object.keys(Environment.shape);
const secrets = variables.filter(isSecret);
/** What the chart sets by itself, and what only tests and the command line read. */
const own = /^SIGNALBOX_(?:CONFIG|DATA|HOST|PORT|LOG|URL|FAILPOINT)$/;
const plain = variables.filter((name) => !isSecret(name) && !own.test(name));
const Port = z.number().int().min(1).max(65_535);
const Text = z.string();
const Label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const Texts = z.record(z.string(), z.string());
const Anything = z.record(z.string(), z.unknown());

const Resources = z.strictObject({
  requests: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  limits: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});

const Part = z.strictObject({
  replicas: z.number().int().min(0).max(20),
  resources: Resources,
  nodeSelector: Texts,
  tolerations: z.array(Anything),
  affinity: Anything,
  topologySpreadConstraints: z.array(Anything),
});

const Peers = z.array(
  z.strictObject({
    podSelector: Anything.optional(),
    namespaceSelector: Anything.optional(),
    ipBlock: Anything.optional(),
  }),
);

/** Every value of the chart `signalbox`. */
export const Values = z.strictObject({
  image: z.strictObject({
    repository: z.string().min(1),
    tag: Text,
    digest: z.string().regex(/^(?:sha256:[0-9a-f]{64})?$/),
    pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']),
    pullSecrets: z.array(Label),
  }),
  nameOverride: Text,
  fullnameOverride: Text,
  settings: Anything,
  existingSettings: Text,
  secret: z.strictObject({
    name: Label,
    keys: z.array(z.enum(secrets)).min(1),
  }),
  environment: z.partialRecord(z.enum(plain), z.string()),
  log: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
  serve: Part,
  work: Part,
  podLabels: Texts,
  podAnnotations: Texts,
  priorityClassName: Text,
  terminationGracePeriodSeconds: z.number().int().min(30).max(600),
  serviceAccount: z.strictObject({ create: z.boolean(), name: Text, annotations: Texts }),
  rbac: z.strictObject({
    create: z.boolean(),
    namespaces: z.array(Label),
    gatewayApi: z.boolean(),
    jobs: z.boolean(),
  }),
  service: z.strictObject({
    type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']),
    port: Port,
    annotations: Texts,
  }),
  alertWebhooks: z.strictObject({
    mutualTls: z.strictObject({
      enabled: z.boolean(),
      port: Port.min(1024),
      servicePort: Port,
      secretName: Text,
      keys: z.strictObject({ certificate: Text, key: Text, authorities: Text }),
      from: Peers,
    }),
  }),
  ingress: z.strictObject({
    enabled: z.boolean(),
    className: Text,
    host: Text,
    tlsSecret: Text,
    annotations: Texts,
  }),
  httpRoute: z.strictObject({ enabled: z.boolean(), host: Text, parentRefs: z.array(Anything) }),
  networkPolicy: z.strictObject({
    enabled: z.boolean(),
    from: Peers,
    monitoringFrom: Peers,
    egressPorts: z.array(Port),
  }),
  podDisruptionBudget: z.strictObject({ enabled: z.boolean() }),
  migration: z.strictObject({
    enabled: z.boolean(),
    deadlineSeconds: z.number().int().min(30).max(86_400),
  }),
  monitoring: z.strictObject({
    serviceMonitor: z.strictObject({
      enabled: z.boolean(),
      interval: z.string().regex(/^\d+(?:ms|s|m)$/),
      labels: Texts,
    }),
    prometheusRule: z.strictObject({ enabled: z.boolean(), labels: Texts }),
    dashboards: z.strictObject({ enabled: z.boolean(), labels: Texts, annotations: Texts }),
  }),
  global: Anything.optional(),
});
export type Values = z.infer<typeof Values>;
