import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';

/** A name as Kubernetes allows it for most objects (RFC 1123 label). */
const Label = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);

const Access = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('kubeconfig'),
    file: z.string().min(1).optional().describe('Absent: KUBECONFIG, else ~/.kube/config.'),
    context: z.string().min(1).optional().describe('Absent: the current context of the file.'),
  }),
  z.strictObject({
    kind: z.literal('in-cluster'),
    root: z
      .string()
      .min(1)
      .optional()
      .describe('Folder before /var/run/secrets/kubernetes.io, where that lies elsewhere.'),
  }),
]);
export type Access = z.infer<typeof Access>;

const Traffic = z.discriminatedUnion('kind', [
  /** Shares of the traffic are shares of the ready copies. */
  z.strictObject({
    kind: z.literal('replicas'),
    surge: z
      .boolean()
      .default(true)
      .describe('One copy more than usual may run where that comes nearer to the share.'),
  }),
  /** Weights of one rule of an HTTPRoute. */
  z.strictObject({
    kind: z.literal('gateway'),
    route: Label.optional().describe('The HTTPRoute; absent: named as the service.'),
    rule: z
      .string()
      .min(1)
      .optional()
      .describe('Name of the rule; absent: the only rule with both backends.'),
    stable: Label.optional().describe('Service of stable; absent: named as the service.'),
    candidate: Label.optional().describe('Service of the candidate; absent: `<stable>-candidate`.'),
    parents: z
      .array(Label)
      .default([])
      .describe('Parents that must have accepted a weight; absent: all that the route names.'),
  }),
  /** The selector of one Service, switched as a whole: for blue/green without a gateway. */
  z.strictObject({
    kind: z.literal('service'),
    stable: Label.optional().describe('The Service of the users; absent: named as the service.'),
    candidate: Label.optional().describe('Service of the preview; absent: `<stable>-candidate`.'),
  }),
]);
export type Traffic = z.infer<typeof Traffic>;

/** A job that a service declares: its pod runs in the place of the release. */
const Job = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('job'),
    command: z.array(z.string()).min(1).describe('What runs, in the image of the release.'),
    image: z.string().min(1).optional().describe('Another image, by digest.'),
    deadline: Duration.prefault(600),
    retries: z.number().int().min(0).max(10).default(0),
  }),
  z.strictObject({
    kind: z.literal('http'),
    url: z.url({ protocol: /^https?$/ }).describe('Asked with GET until it answers as expected.'),
    status: z.number().int().min(100).max(599).default(200),
    contains: z.string().optional().describe('Text that the body must have.'),
    deadline: Duration.prefault(60),
  }),
]);
export type KubernetesJob = z.infer<typeof Job>;

const ServiceAt = z.strictObject({
  deployment: Label.optional().describe('The Deployment of stable; absent: named as the service.'),
  container: Label.optional().describe('The container that is released; absent: the only one.'),
  image: z
    .string()
    .min(1)
    .optional()
    .describe('Repository of the image; absent: that of the image which runs.'),
  traffic: Traffic.prefault({ kind: 'replicas' }),
  baseline: z
    .boolean()
    .default(false)
    .describe('A fresh copy of stable, as large as the candidate, runs beside it as control.'),
  jobs: z.record(Label, Job).default({}).describe('How the jobs of the service run here.'),
});
export type ServiceAt = z.infer<typeof ServiceAt>;

/** Options of a target with the adapter `kubernetes`: one namespace of one cluster. */
export const KubernetesTarget = z.strictObject({
  access: Access.prefault({ kind: 'kubeconfig' }),
  namespace: Label,
  services: z
    .record(Label, ServiceAt)
    .default({})
    .describe('What differs from the names by which a service is found.'),
  settle: Duration.prefault(30).describe(
    'Where the split cannot be measured, a weight is believed this long after it was accepted.',
  ),
});
export type KubernetesTarget = z.infer<typeof KubernetesTarget>;

/** How a service is delivered at a target, defaults filled in. */
export function serviceAt(target: KubernetesTarget, service: string): ServiceAt {
  return target.services[service] ?? ServiceAt.parse({});
}
