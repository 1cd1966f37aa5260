import type { Instant } from '#core/ids.ts';
import type { AlertSettings } from '#core/settings/alerts.ts';
import type { RegistryLookup } from '#core/settings/lookup.ts';
import { aimOf, effectOf } from './aim.ts';
import type { Alert, AlertNotice } from './alert.ts';
import type { AlertEvent, Home } from './events.ts';
import type { AlertGroup } from './group.ts';

/** Labels that are kept of an alert besides those that the settings name. */
const shown = ['alertname', 'instance', 'job', 'namespace', 'pod', 'cluster', 'region'];

/** How many of the others are kept: a source needs all labels to know the alert again. */
const otherLabels = 16;

/** An alert that fires again so soon after its end flaps, in milliseconds. */
const flapMs = 1_800_000;

/** The settings by which a notice is read. */
export interface AlertReading {
  readonly settings: AlertSettings;
  readonly lookup: Pick<RegistryLookup, 'path'>;
}

/**
 * What a notice adds to what is known of its group; empty when it is a repetition: of a peer, of
 * a sender that repeats itself, or late. An alert is one firing of a fingerprint; a firing that
 * began before the fingerprint's last end is an old one. Nothing starts in the future.
 */
export function absorbNotice(
  group: AlertGroup | null,
  notice: AlertNotice,
  id: string,
  reading: AlertReading,
  homeOf: (alerts: readonly Fired[]) => Home,
  now: Instant,
): readonly AlertEvent[] {
  const known = group?.phase === 'firing' ? group : null;
  const fired = notice.alerts
    .filter((alert) => isNew(known, group, alert))
    .map((alert) => firedEvent(alert, reading, now));
  const over = known === null ? [] : resolved(known, notice, now);
  const changed = fired.length > 0 || over.length > 0;
  const open = known !== null || fired.length > 0;
  const truncated =
    open && notice.truncated > 0 && notice.truncated !== (known?.truncated ?? 0)
      ? [{ kind: 'alerts.truncated' as const, count: notice.truncated }]
      : [];
  if (!changed) return truncated;
  const still = (known?.alerts ?? []).filter(
    ({ endsAt, fingerprint }) =>
      endsAt === null && !over.some((one) => one.fingerprint === fingerprint),
  );
  return [
    ...(known === null ? [opened(group, notice, id, homeOf(fired), now)] : []),
    ...fired,
    ...over,
    ...truncated,
    ...(still.length === 0 && fired.length === 0 && !goesOn(notice)
      ? [{ kind: 'episode.closed' as const, because: 'resolved' as const }]
      : []),
  ];
}

/** Some that were left out still fire. */
function goesOn({ status, truncated }: AlertNotice): boolean {
  return status === 'firing' && truncated > 0;
}

export type Fired = Extract<AlertEvent, { kind: 'alert.fired' }>;

function isNew(known: AlertGroup | null, group: AlertGroup | null, alert: Alert): boolean {
  if (alert.status !== 'firing') return false;
  const same = known?.alerts.find(({ fingerprint }) => fingerprint === alert.fingerprint);
  if (same !== undefined && same.endsAt === null) return false;
  const ended = group?.ended[alert.fingerprint];
  return ended === undefined || alert.startsAt > ended;
}

function resolved(known: AlertGroup, notice: AlertNotice, now: Instant) {
  return known.alerts.flatMap((alert) => {
    if (alert.endsAt !== null) return [];
    const told = notice.alerts.find(({ fingerprint }) => fingerprint === alert.fingerprint);
    const end = told?.status === 'resolved' ? Math.min(told.endsAt ?? now, now) : null;
    if (end !== null && end > alert.startsAt) {
      return [{ kind: 'alert.resolved' as const, fingerprint: alert.fingerprint, endsAt: end }];
    }
    // A group that is over as a whole is over for those that were left out, too.
    const leftOut = told === undefined && notice.status === 'resolved' && notice.truncated > 0;
    return leftOut
      ? [{ kind: 'alert.resolved' as const, fingerprint: alert.fingerprint, endsAt: now }]
      : [];
  });
}

function firedEvent(alert: Alert, { settings, lookup }: AlertReading, now: Instant): Fired {
  const severity = alert.labels[settings.severityLabel] ?? '';
  const kept = new Set([
    ...shown,
    settings.serviceLabel,
    settings.environmentLabel,
    ...settings.rules.flatMap(({ match }) => Object.keys(match)),
  ]);
  return {
    kind: 'alert.fired',
    fingerprint: alert.fingerprint,
    startsAt: Math.min(alert.startsAt, now),
    name: alert.name,
    severity,
    // Who cannot see accuses nobody.
    effect: alert.blind === true ? 'note' : effectOf(severity, settings),
    aim: aimOf(alert.labels, settings, lookup),
    summary: alert.summary,
    labels: keptLabels(alert.labels, kept),
    runbook: alert.runbook,
    url: alert.url,
  };
}

/** The labels that mean something to us, and as many of the others as are bearable. */
function keptLabels(labels: Alert['labels'], named: ReadonlySet<string>): Fired['labels'] {
  const all = Object.entries(labels);
  const others = all.filter(([name]) => !named.has(name)).slice(0, otherLabels);
  return Object.fromEntries([...all.filter(([name]) => named.has(name)), ...others]);
}

/**
 * A new episode. One that follows soon upon another goes on in its thread, so that an alert that
 * flaps is one thread and not a dozen.
 */
function opened(
  group: AlertGroup | null,
  { source, receiver, title, url }: AlertNotice,
  id: string,
  home: Home,
  now: Instant,
): AlertEvent {
  const episode = (group?.episode ?? 0) + 1;
  const again = group !== null && group.closedAt !== null && now - group.closedAt < flapMs;
  const place = again && sameHome(group, home) ? group : null;
  const thread = place?.thread ?? episode;
  const where = place?.home ?? home;
  const said = { episode, thread, source, receiver, title, url, home: where };
  return { kind: 'episode.opened', group: id, ...said };
}

/** What got a thread of its own keeps it. */
function sameHome(group: AlertGroup, home: Home): boolean {
  if (group.raised || group.home.kind === 'channel') return true;
  return home.kind === 'rollout' && home.rollout === group.home.rollout;
}
