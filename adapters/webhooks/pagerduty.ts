import { z } from 'zod';
import type { AlertNotice } from '#core/alerts/alert.ts';
import { instant, lengths, link, plain, plainLabels } from './texts.ts';

const Named = z.object({ id: z.string().max(64), summary: z.string().nullish() });

const Incident = z.object({
  id: z.string().regex(/^[A-Za-z0-9]{1,64}$/),
  type: z.literal('incident'),
  html_url: z.string().nullish(),
  status: z.enum(['triggered', 'acknowledged', 'resolved']),
  created_at: z.string(),
  title: z.string(),
  service: Named.nullish(),
  urgency: z.string().max(64).nullish(),
  priority: Named.nullish(),
});

const Payload = z.object({
  event: z.object({
    event_type: z.string().max(100),
    occurred_at: z.string(),
    data: z.unknown(),
  }),
});

/** Events that are no news about an alert are `ignored`: the answer is yes all the same. */
export type PagerDutyReading = AlertNotice | 'ignored' | null;

/**
 * Reads a version 3 webhook: an incident is a group with one alert. Its labels are
 * `pagerduty_service`, `pagerduty_service_id`, `urgency` and `priority`, and the severity is the
 * urgency, so that rules can match them.
 */
export function readPagerDuty(body: unknown): PagerDutyReading {
  const read = Payload.safeParse(body);
  if (!read.success) return null;
  const { event_type: kind, occurred_at: occurred, data } = read.data.event;
  if (!kind.startsWith('incident.')) return 'ignored';
  const incident = Incident.safeParse(data);
  // Notes, subscribers and the like are told of with data of other types.
  if (!incident.success) return isIncident(data) ? null : 'ignored';
  return noticeOf(incident.data, kind, instant(occurred));
}

function noticeOf(
  incident: z.infer<typeof Incident>,
  kind: string,
  happened: number | null,
): AlertNotice | null {
  const created = instant(incident.created_at);
  if (happened === null || created === null) return null;
  const { id, status } = incident;
  const state = status === 'resolved' ? 'resolved' : 'firing';
  const name = plain(incident.title, lengths.name);
  const url = link(incident.html_url ?? undefined);
  return {
    source: 'pagerduty',
    receiver: 'pagerduty',
    groupKey: id,
    status: state,
    title: name,
    url,
    truncated: 0,
    alerts: [
      {
        fingerprint: id.toLowerCase(),
        status: state,
        startsAt: kind === 'incident.reopened' ? happened : created,
        endsAt: state === 'resolved' ? happened : null,
        name,
        summary: '',
        labels: labelsOf(incident, name),
        runbook: null,
        url,
      },
    ],
  };
}

function labelsOf({ service, urgency, priority }: z.infer<typeof Incident>, name: string) {
  return plainLabels({
    alertname: name,
    severity: urgency ?? '',
    urgency: urgency ?? '',
    priority: priority?.summary ?? '',
    pagerduty_service: service?.summary ?? '',
    pagerduty_service_id: service?.id ?? '',
  });
}

function isIncident(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'incident';
}
