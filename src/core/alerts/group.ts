import type { Instant, RolloutId } from '#core/ids.ts';
import type { Actor } from '#core/people.ts';
import type { AlertEffect } from '#core/settings/alerts.ts';
import type { Aim, AlertSource } from './alert.ts';
import type { Home, Suspect } from './events.ts';

/** One alert of the present episode. */
export interface FiringAlert {
  readonly fingerprint: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant | null;
  readonly name: string;
  readonly severity: string;
  readonly effect: AlertEffect;
  readonly aim: Aim | null;
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly runbook: string | null;
  readonly url: string | null;
}

/** A release that an episode is held against. */
export interface LinkedRelease {
  readonly rollout: RolloutId;
  readonly fails: boolean;
  /** Who said so; null or absent where it follows from the rules. */
  readonly by?: Actor | null;
  readonly because?: string | null;
}

/** A group of alerts as its events made it. JSON-safe. */
export interface AlertGroup {
  /** `<source>-<16 hex digits>`. */
  readonly id: string;
  readonly source: AlertSource;
  readonly receiver: string;
  readonly title: string;
  readonly url: string | null;
  /** From 1; the alerts, suspects and home are those of this episode. */
  readonly episode: number;
  /** The episode that opened its thread. */
  readonly thread: number;
  readonly phase: 'firing' | 'resolved';
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  readonly closedBecause: 'resolved' | 'no_news' | null;
  readonly alerts: readonly FiringAlert[];
  readonly truncated: number;
  readonly home: Home;
  /** It began in a release's thread and got its own besides. */
  readonly raised: boolean;
  readonly suspects: readonly Suspect[];
  /** Releases that it is held against. */
  readonly linked: readonly LinkedRelease[];
  readonly cleared: readonly {
    readonly rollout: RolloutId;
    readonly by: Actor;
    readonly reason: string;
  }[];
  readonly onCall: { readonly people: readonly string[]; readonly because: string } | null;
  /** When alerts ended last, by fingerprint, so that a late repetition opens nothing. */
  readonly ended: Readonly<Record<string, Instant>>;
  /** Earlier episodes, newest first. */
  readonly past: readonly { readonly from: Instant; readonly to: Instant }[];
}

/** What is stamped and linked: a thread of the group, however often it flaps. */
export function troubleOf({ id, thread }: Pick<AlertGroup, 'id' | 'thread'>): string {
  return `${id}#${thread}`;
}

/** The worst effect among alerts. */
export function worstEffect(alerts: readonly Pick<FiringAlert, 'effect'>[]): AlertEffect {
  if (alerts.some(({ effect }) => effect === 'roll-back')) return 'roll-back';
  return alerts.some(({ effect }) => effect === 'pause') ? 'pause' : 'note';
}

/** The severity that its sender gives to the gravest alert that fires; empty when it gives none. */
export function severityOf(group: Pick<AlertGroup, 'alerts'>): string {
  const all = firing(group);
  const gravest = all.filter(({ effect }) => effect === worstEffect(all));
  return gravest.find(({ severity }) => severity !== '')?.severity ?? '';
}

/** The alerts that fire now. */
export function firing(group: Pick<AlertGroup, 'alerts'>): readonly FiringAlert[] {
  return group.alerts.filter(({ endsAt }) => endsAt === null);
}

/** What the alerts of the episode are about, each once. */
export function aimsOf(group: Pick<AlertGroup, 'alerts'>): readonly Aim[] {
  const aims = new Map<string, Aim>();
  for (const { aim } of group.alerts) {
    if (aim !== null) aims.set(`${aim.service}/${aim.environment}`, aim);
  }
  return [...aims.values()];
}

/** Whether an alert is about a place. */
export function isAimedAt(aim: Aim | null, place: Aim): boolean {
  return aim?.service === place.service && aim.environment === place.environment;
}

/** When the group began to fire in this episode, as the sender says. */
export function beganAt(group: Pick<AlertGroup, 'alerts' | 'openedAt'>): Instant {
  return Math.min(group.openedAt, ...group.alerts.map(({ startsAt }) => startsAt));
}
