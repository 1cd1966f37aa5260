import { z } from 'zod';
import { Metric } from '#core/analysis/metric.ts';
import { Duration } from '#core/duration-setting.ts';
import { Name, Named } from './named.ts';

/** A label's name as Prometheus allows it. */
const Label = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'the name of a label');

/** What an alert does to a release of the service that it is about. */
export const AlertEffect = z.enum(['note', 'pause', 'roll-back']);
export type AlertEffect = z.infer<typeof AlertEffect>;

const AlertRule = z.strictObject({
  match: z
    .record(Label, z.string().min(1).max(200))
    .refine((labels) => Object.keys(labels).length > 0, { message: 'at least one label' })
    .describe('Labels that must all have these values; `*` in a value stands for any text.'),
  service: Name.describe('The service that such an alert is about.'),
  environment: Name.optional().describe(
    'And where; absent: as `environmentLabel` or `environment` say.',
  ),
});
export type AlertRule = z.infer<typeof AlertRule>;

const MutualTls = z.strictObject({
  port: z.number().int().min(0).max(65_535).describe('Port of a listener for alerts alone.'),
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  certificate: z.string().min(1).describe('File with the certificate of this server (PEM).'),
  key: z.string().min(1).describe('File with its private key (PEM).'),
  authorities: z
    .string()
    .min(1)
    .describe('File with the authorities that sign the certificates of senders (PEM).'),
  names: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Common names that may send; absent: whoever the authorities signed.'),
});
export type MutualTls = z.infer<typeof MutualTls>;

const Bell = z.strictObject({
  source: Name.describe('Name of an entry of `metrics`.'),
  metric: Metric.refine(({ type }) => type === 'ratio', {
    message: 'a metric of type ratio: bad requests out of all',
  }).describe('Bad requests out of all, as a metric of type `ratio`.'),
  above: z.number().gt(0).lt(1).describe('Rings while a greater part is bad.'),
  over: Duration.prefault(30).describe('Measured over this time.'),
  least: z.number().int().positive().default(20).describe('Requests without which it is silent.'),
  severity: z.string().min(1).max(64).default('critical').describe('As a label would tell it.'),
  environments: z.array(Name).min(1).optional().describe('Where; absent: in production.'),
});
export type Bell = z.infer<typeof Bell>;

/** How alerts become threads, and what they mean for releases. */
export const AlertSettings = z.strictObject({
  channel: Name.describe('Name of an entry of `channels`: where alerts get their threads.'),
  receivers: z
    .array(z.string().min(1).max(200))
    .min(1)
    .optional()
    .describe('Receivers of Alertmanager and Grafana that may send; absent: any.'),
  rules: z
    .array(AlertRule)
    .max(200)
    .default([])
    .describe('Which service an alert is about, by its labels. The first that matches counts.'),
  bells: Named(Bell)
    .prefault({})
    .describe('Alerts of our own for whatever runs, where nothing else watches it.'),
  serviceLabel: Label.default('service').describe(
    'Without a rule: the label that holds the exact name of a service.',
  ),
  environmentLabel: Label.default('environment').describe(
    'The label that holds the exact name of an environment.',
  ),
  environment: Name.optional().describe(
    'Where an alert is that does not say it; absent: the last environment on the path of the service.',
  ),
  severityLabel: Label.default('severity').describe('The label that tells how bad it is.'),
  severities: z
    .record(z.string().min(1).max(64), AlertEffect)
    .default({ critical: 'pause', page: 'pause' })
    .describe(
      'By severity, what an alert does to a release of its service that is under way: `note`, `pause`, or `roll-back` with the countdown. Those but `note` count a release as failed. Others: `note`.',
    ),
  lookback: Duration.prefault(86_400).describe(
    'Releases that got their first traffic this long before an alert may be suspects.',
  ),
  window: Duration.prefault(1800).describe(
    'How long a release is watched after it has all of the traffic; 0 switches it off.',
  ),
  silence: Duration.prefault(43_200).describe(
    'An alert that nobody repeats for this long is taken to be over: more than the repeat interval of the sender.',
  ),
  onCall: z
    .strictObject({
      adapter: z
        .string()
        .describe('Who knows it: `pagerduty`, `opsgenie`, `grafana` or `channel`.'),
      options: z.record(z.string(), z.json()).default({}).describe('Checked by the adapter.'),
    })
    .optional()
    .describe('Who is on call.'),
  mutualTls: MutualTls.optional().describe(
    'A listener of its own on which senders show a certificate instead of a token. Read at the start.',
  ),
});
export type AlertSettings = z.infer<typeof AlertSettings>;
