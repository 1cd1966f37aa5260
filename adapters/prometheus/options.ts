import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';

const Path = z.string().min(1);

const Auth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('bearer'),
    file: Path.optional().describe(
      'A file that holds the token, read again when it changes; absent: SIGNALBOX_PROMETHEUS_TOKEN.',
    ),
  }),
  z.strictObject({
    kind: z.literal('basic'),
    user: z
      .string()
      .min(1)
      .regex(/^[^:]+$/, 'a name without a colon'),
    file: Path.optional().describe(
      'A file that holds the password, read again when it changes; absent: SIGNALBOX_PROMETHEUS_PASSWORD.',
    ),
  }),
]);

const Tls = z.strictObject({
  ca: Path.optional().describe('A file with the authorities to trust, instead of the system’s.'),
  certificate: Path.optional().describe('A file with our own certificate, for mutual TLS.'),
  key: Path.optional().describe('The file with its key.'),
  serverName: z.string().min(1).optional().describe('The name to expect in its certificate.'),
});

const ServerUrl = z.url({ protocol: /^https?$/ }).refine((text) => {
  const { username, password, search, hash } = new URL(text);
  return username === '' && password === '' && search === '' && hash === '';
}, 'a URL without user, password, query and fragment: secrets come from the environment');

/** A value of one's own: the same on both sides, or one for each; a fresh baseline has stable's unless told. */
const OwnValue = z.union([
  z.string(),
  z.strictObject({ stable: z.string(), candidate: z.string(), baseline: z.string().optional() }),
]);

const Values = z.record(z.string().regex(/^[a-z][a-zA-Z0-9_]*$/, 'a name of letters'), OwnValue);

const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, 'the name of a header')
  .refine(
    (name) => !/^(?:authorization|proxy-authorization|cookie|host|content-.*)$/i.test(name),
    'a header that is neither a secret nor ours: use auth',
  );

/** Options of a metrics source with the adapter `prometheus`. */
export const PrometheusMetrics = z.strictObject({
  url: ServerUrl.describe(
    'Where the HTTP API is, up to what stands before /api/v1: Prometheus, Thanos, Mimir, VictoriaMetrics.',
  ),
  auth: Auth.prefault({ kind: 'none' }).describe('How we make ourselves known.'),
  tls: Tls.prefault({}),
  headers: z
    .record(HeaderName, z.string().regex(/^[\x20-\x7e]*$/))
    .default({})
    .describe('More headers, for example X-Scope-OrgID.'),
  params: z
    .record(z.string().regex(/^[a-z_]+$/), z.string())
    .default({})
    .describe('More parameters of each query, for example dedup or partial_response of Thanos.'),
  timeout: Duration.prefault(30).describe('For a question and its whole answer.'),
  limitBytes: z
    .number()
    .int()
    .min(1024)
    .max(64 * 1024 * 1024)
    .default(4 * 1024 * 1024)
    .describe('A longer answer is refused.'),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(8)
    .describe('Questions that are open at the same time; more wait.'),
  settle: Duration.prefault(5).describe(
    'An interval is read when so much time has passed since its end: scrapes of it have arrived then. Minutes, behind remote write.',
  ),
  warnings: z
    .enum(['keep', 'refuse'])
    .default('keep')
    .describe(
      'An answer with a warning (a store that did not answer, for example) is used and the warning shown, or it counts as no answer.',
    ),
  values: Values.default({}).describe(
    'Values for placeholders: {{name}}. They may hold {{service}}, {{environment}}, {{target}}, {{version}}, {{digest}} and {{side}}.',
  ),
  targets: z
    .record(z.string(), z.strictObject({ url: ServerUrl.optional(), values: Values.default({}) }))
    .default({})
    .describe('What differs at a target: the Prometheus of its cluster, or values.'),
});
export type PrometheusMetrics = z.infer<typeof PrometheusMetrics>;
