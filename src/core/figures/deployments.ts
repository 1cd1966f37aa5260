import type { Instant, RolloutId } from '#core/ids.ts';
import type { ReleaseRecord } from './release-record.ts';

/** An alert that was linked to a release and that nobody called unrelated. */
export interface LinkedAlert {
  readonly alert: string;
  readonly rollout: RolloutId;
  readonly startsAt: Instant;
  readonly resolvedAt: Instant | null;
  /** Whether it is bad enough to count the deployment as failed. */
  readonly fails: boolean;
}

/** Why a deployment counts as failed. */
export type FailureKind = 'caught_in_canary' | 'rolled_back' | 'alert' | 'hotfix';

/** A release that reached production traffic, and what became of it. */
export interface Deployment {
  readonly record: ReleaseRecord;
  /** When it had all of the traffic; null for one that turned back before. */
  readonly fullAt: Instant | null;
  readonly failure: { readonly kind: FailureKind; readonly at: Instant } | null;
  /** When people were off it again; null while they are not, or when it did not fail. */
  readonly recoveredAt: Instant | null;
  /** It repaired another one: a hotfix or a rollback. */
  readonly rework: boolean;
}

export interface DeploymentRules {
  /** A hotfix this long after a release, in milliseconds, counts that release as failed. */
  readonly hotfixMs: number;
}

/**
 * Every release that got production traffic, rollbacks left out, each exactly once: so the failed
 * ones can never be more than all. A release that was stopped before any traffic is none of them.
 */
export function deploymentsOf(
  records: readonly ReleaseRecord[],
  alerts: readonly LinkedAlert[],
  rules: DeploymentRules,
): readonly Deployment[] {
  const places = new Map<string, ReleaseRecord[]>();
  for (const record of records) {
    if (!record.production) continue;
    const place = `${record.service}/${record.environment}`;
    places.set(place, [...(places.get(place) ?? []), record]);
  }
  return [...places.values()].flatMap((place) => inPlace(place, alerts, rules));
}

function inPlace(
  records: readonly ReleaseRecord[],
  alerts: readonly LinkedAlert[],
  rules: DeploymentRules,
): readonly Deployment[] {
  const ordered = records.toSorted((a, b) => a.requestedAt - b.requestedAt);
  return ordered
    .filter(({ intent, trafficAt }) => intent === 'deploy' && trafficAt !== null)
    .map((record) => {
      const fullAt = record.phase === 'succeeded' ? record.endedAt : null;
      const after = successor(ordered, record);
      const failure = failureOf(record, after, alerts, rules);
      return {
        record,
        fullAt,
        failure,
        recoveredAt: failure === null ? null : recovered(record, after, alerts),
        rework: isHotfix(record) && follows(ordered, record, rules),
      };
    });
}

/** What took the place of a release that was live: a rollback or the next deployment. */
function successor(ordered: readonly ReleaseRecord[], record: ReleaseRecord): ReleaseRecord | null {
  const { endedAt } = record;
  if (record.phase !== 'succeeded' || endedAt === null) return null;
  const later = ordered.filter(
    (other) => other.phase === 'succeeded' && other.endedAt !== null && other.endedAt > endedAt,
  );
  return later.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0))[0] ?? null;
}

function failureOf(
  record: ReleaseRecord,
  after: ReleaseRecord | null,
  alerts: readonly LinkedAlert[],
  rules: DeploymentRules,
): Deployment['failure'] {
  const found: { readonly kind: FailureKind; readonly at: Instant }[] = [];
  const { abort } = record;
  if (abort !== null && abort.cause.kind !== 'taken_over') {
    found.push({ kind: 'caught_in_canary', at: abort.at });
  }
  if (after?.intent === 'rollback') found.push({ kind: 'rolled_back', at: after.requestedAt });
  const first = alertsOf(record, alerts)[0];
  if (first !== undefined) found.push({ kind: 'alert', at: first.startsAt });
  const live = record.endedAt ?? 0;
  if (after !== null && isHotfix(after) && after.requestedAt - live <= rules.hotfixMs) {
    found.push({ kind: 'hotfix', at: after.requestedAt });
  }
  return found.toSorted((a, b) => a.at - b.at)[0] ?? null;
}

function recovered(
  record: ReleaseRecord,
  after: ReleaseRecord | null,
  alerts: readonly LinkedAlert[],
): Instant | null {
  if (record.phase === 'rolled_back') return record.endedAt;
  const linked = alertsOf(record, alerts);
  const quiet = linked.every(({ resolvedAt }) => resolvedAt !== null)
    ? linked.map(({ resolvedAt }) => resolvedAt ?? 0)
    : [];
  const ends = [
    ...(after === null || after.endedAt === null ? [] : [after.endedAt]),
    ...(quiet.length === 0 ? [] : [Math.max(...quiet)]),
  ];
  return ends.length === 0 ? null : Math.min(...ends);
}

function alertsOf(record: ReleaseRecord, alerts: readonly LinkedAlert[]): readonly LinkedAlert[] {
  return alerts
    .filter(({ rollout, fails }) => fails && rollout === record.rollout)
    .toSorted((a, b) => a.startsAt - b.startsAt);
}

/** People say that a release is a repair: in its reason, or by breaking the glass for it. */
export function isHotfix(record: ReleaseRecord): boolean {
  return record.intent === 'deploy' && (record.breakGlass || /\bhot-?fix/i.test(record.reason));
}

function follows(
  ordered: readonly ReleaseRecord[],
  record: ReleaseRecord,
  { hotfixMs }: DeploymentRules,
): boolean {
  return ordered.some(
    ({ rollout, trafficAt, endedAt }) =>
      rollout !== record.rollout &&
      trafficAt !== null &&
      endedAt !== null &&
      endedAt <= record.requestedAt &&
      record.requestedAt - endedAt <= hotfixMs,
  );
}
