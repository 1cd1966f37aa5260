import { assertNever } from '#core/fault.ts';
import type { Instant } from '#core/ids.ts';
import type { AlertEvent } from './events.ts';
import type { AlertGroup, FiringAlert } from './group.ts';

/** Alerts of an episode, ended fingerprints and episodes that are remembered. */
const mostAlerts = 200;
const mostEnded = 300;
const mostPast = 20;

/**
 * The group after one more event. Total: an event is a fact.
 * @throws Error when the first event is not `episode.opened` (a bug or a damaged stream)
 */
export function evolveGroup(group: AlertGroup | null, event: AlertEvent, at: Instant): AlertGroup {
  if (event.kind === 'episode.opened') return opened(group, event, at);
  if (group === null) throw new Error(`A group of alerts cannot begin with ${event.kind}`);
  switch (event.kind) {
    case 'alert.fired': {
      const { kind: _kind, ...fired } = event;
      const others = group.alerts.filter(({ fingerprint }) => fingerprint !== fired.fingerprint);
      return { ...group, alerts: [...others, { ...fired, endsAt: null }].slice(-mostAlerts) };
    }
    case 'alert.resolved':
      return {
        ...group,
        alerts: group.alerts.map((alert) => over(alert, event.fingerprint, event.endsAt)),
        ended: remembered(group.ended, event.fingerprint, event.endsAt),
      };
    case 'alerts.truncated':
      return { ...group, truncated: event.count };
    case 'suspects.ranked':
      return { ...group, suspects: event.suspects };
    case 'release.linked': {
      const { rollout, fails, by, because } = event;
      const others = group.linked.filter((one) => one.rollout !== rollout);
      const before = group.linked.find((one) => one.rollout === rollout);
      const link = { rollout, fails, by: by ?? before?.by ?? null, because: because ?? null };
      // Who says that a release is the cause takes back that it is not.
      const cleared = group.cleared.filter((one) => by === undefined || one.rollout !== rollout);
      return { ...group, linked: [...others, link], cleared };
    }
    case 'release.freed':
      return { ...group, linked: group.linked.filter(({ rollout }) => rollout !== event.rollout) };
    case 'suspect.cleared': {
      const { rollout, by, reason } = event;
      return { ...group, cleared: [...group.cleared, { rollout, by, reason }] };
    }
    case 'oncall.named': {
      const people = event.people.map(({ name }) => name);
      return { ...group, onCall: { people, because: event.because } };
    }
    case 'episode.raised':
      return { ...group, raised: true };
    case 'episode.closed':
      return { ...group, phase: 'resolved', closedAt: at, closedBecause: event.because };
    default:
      return assertNever(event);
  }
}

function opened(
  before: AlertGroup | null,
  event: Extract<AlertEvent, { kind: 'episode.opened' }>,
  at: Instant,
): AlertGroup {
  const same = before?.thread === event.thread ? before : null;
  const last =
    before === null || before.closedAt === null
      ? []
      : [{ from: before.openedAt, to: before.closedAt }];
  return {
    id: event.group,
    source: event.source,
    receiver: event.receiver,
    title: event.title,
    url: event.url,
    episode: event.episode,
    thread: event.thread,
    phase: 'firing',
    openedAt: at,
    closedAt: null,
    closedBecause: null,
    alerts: [],
    truncated: 0,
    home: event.home,
    raised: same?.raised ?? false,
    suspects: [],
    linked: same?.linked ?? [],
    cleared: same?.cleared ?? [],
    onCall: same?.onCall ?? null,
    ended: before?.ended ?? {},
    past: [...last, ...(before?.past ?? [])].slice(0, mostPast),
  };
}

function over(alert: FiringAlert, fingerprint: string, endsAt: Instant): FiringAlert {
  return alert.fingerprint === fingerprint ? { ...alert, endsAt } : alert;
}

function remembered(
  ended: AlertGroup['ended'],
  fingerprint: string,
  endsAt: Instant,
): AlertGroup['ended'] {
  const entries = Object.entries({ ...ended, [fingerprint]: endsAt });
  return Object.fromEntries(entries.sort(([, a], [, b]) => b - a).slice(0, mostEnded));
}
