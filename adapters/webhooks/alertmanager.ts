import { z } from 'zod';
import type { Alert, AlertNotice, AlertSource } from '#core/alerts/alert.ts';
import { instant, lengths, link, plain, plainLabels } from './texts.ts';

const Texts = z.record(z.string(), z.string()).default({});

const Told = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: Texts,
  annotations: Texts,
  startsAt: z.string(),
  endsAt: z.string().optional(),
  generatorURL: z.string().optional(),
  fingerprint: z.string().regex(/^[0-9a-fA-F]{1,64}$/),
  /** Grafana only. */
  panelURL: z.string().optional(),
});

/**
 * The webhook of Alertmanager, version 4, and that of Grafana, which is the same form with more in
 * it and a version of its own.
 */
const Payload = z.object({
  version: z.string(),
  groupKey: z.string().min(1).max(10_000),
  truncatedAlerts: z.number().int().nonnegative().default(0),
  status: z.enum(['firing', 'resolved']),
  receiver: z.string().max(200),
  groupLabels: Texts,
  commonLabels: Texts,
  externalURL: z.string().optional(),
  alerts: z.array(z.unknown()).max(10_000),
});

type Source = Extract<AlertSource, 'alertmanager' | 'grafana'>;

/** What Grafana names the alerts of a rule that it could not evaluate; they keep the rule's labels. */
const blindness: ReadonlySet<string> = new Set(['DatasourceNoData', 'DatasourceError']);

const versions: Readonly<Record<Source, string>> = {
  alertmanager: '4',
  grafana: '1',
};

/** Reads a notice of Alertmanager or Grafana; null when it is none. */
export function readAlertmanager(body: unknown, source: Source): AlertNotice | null {
  const read = Payload.safeParse(body);
  if (!read.success || read.data.version !== versions[source]) return null;
  const { groupKey, receiver, status, truncatedAlerts, groupLabels, commonLabels } = read.data;
  const told = z.array(Told).safeParse(read.data.alerts.slice(0, lengths.alerts));
  if (!told.success) return null;
  const labels = { ...plainLabels(commonLabels), ...plainLabels(groupLabels) };
  const alerts = told.data.flatMap((one) => alertOf(one, source) ?? []);
  return {
    source,
    receiver: plain(receiver, lengths.name),
    groupKey,
    status,
    title: labels['alertname'] ?? alerts[0]?.name ?? 'Alerts',
    url: link(read.data.externalURL),
    alerts,
    truncated: truncatedAlerts + Math.max(0, read.data.alerts.length - lengths.alerts),
  };
}

function alertOf(told: z.infer<typeof Told>, source: Source): Alert | null {
  const startsAt = instant(told.startsAt);
  if (startsAt === null) return null;
  const labels = plainLabels(told.labels);
  const { summary, description, message } = told.annotations;
  const { alertname = 'Alert', rulename } = labels;
  const blind = source === 'grafana' && blindness.has(alertname);
  return {
    fingerprint: told.fingerprint.toLowerCase(),
    status: told.status,
    startsAt,
    endsAt: told.status === 'firing' ? null : instant(told.endsAt),
    labels,
    name: blind && rulename !== undefined ? `${alertname}: ${rulename}` : alertname,
    ...(blind ? { blind } : {}),
    summary: plain(summary ?? description ?? message ?? '', lengths.summary),
    runbook: link(told.annotations['runbook_url'] ?? told.annotations['runbook']),
    url: link(told.panelURL) ?? link(told.generatorURL),
  };
}
