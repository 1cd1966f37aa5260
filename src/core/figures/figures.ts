import type { Instant } from '#core/ids.ts';
import { type Deployment, deploymentsOf, type LinkedAlert } from './deployments.ts';
import type { Figure, Window } from './figure.ts';
import type { ReleaseRecord } from './release-record.ts';
import { median } from './statistics.ts';
import { deployDaysPerWeek } from './weeks.ts';

/** Every figure, with its unit and what it says. Shares are from 0 to 1, times in seconds. */
export const figureMeanings = {
  deployments: ['count', 'Deployments that reached all of production'],
  deploymentDays: ['perWeek', 'Median days a week with a deployment'],
  leadTime: ['seconds', 'Median time from commit to all of production'],
  changeFailRate: ['share', 'Share of production deployments that failed'],
  recoveryTime: ['seconds', 'Median time from first traffic of a failed deployment to recovery'],
  reworkRate: ['share', 'Share of production deployments that repaired another'],
  caughtBeforeTraffic: ['count', 'Production releases stopped before any traffic'],
  caughtInCanary: ['count', 'Production releases turned back before all of the traffic'],
  approvalTime: ['seconds', 'Median time from request to the approval that sufficed'],
  queueTime: ['seconds', 'Median time from then to the start'],
  rollbackTime: ['seconds', 'Median time from the decision to go back to being back'],
  canaryPassRate: ['share', 'Share of judged canaries that passed'],
  promotionTime: [
    'seconds',
    'Median time from live in the environment before to live in production',
  ],
  rolloutSuccess: ['share', 'Share of rollouts that ended where they were meant to'],
  alertsLinked: ['count', 'Alerts and breaches linked to releases'],
} as const satisfies Readonly<Record<string, readonly [FigureUnit, string]>>;

export type FigureUnit = 'count' | 'perWeek' | 'seconds' | 'share';
export type FigureName = keyof typeof figureMeanings;

export type Figures = Readonly<Record<FigureName, Figure>>;

export interface FigureRules {
  readonly hotfixMs: number;
  /** IANA zone in which days and weeks are counted. */
  readonly zone: string;
}

/** What the ledger holds, and the window over which it is measured. */
export interface FigureQuestion {
  readonly records: readonly ReleaseRecord[];
  readonly alerts: readonly LinkedAlert[];
  readonly window: Window;
  readonly rules: FigureRules;
}

/**
 * The figures of a window, by DORA's definitions: a deployment counts when production reached
 * 100 %; it failed when it was rolled back after any production traffic, had an alert linked, or
 * needed a hotfix; the change fail rate is over distinct deployments and so at most 1. What was
 * stopped before traffic is no failure but `caughtBeforeTraffic`.
 * A rollout belongs to the window in which it ended.
 */
export function figuresOf({ records, alerts, window, rules }: FigureQuestion): Figures {
  const within = (at: Instant | null): boolean =>
    at !== null && at >= window.from && at < window.to;
  const all = deploymentsOf(records, alerts, rules);
  const deployed = all.filter(({ record }) => within(record.endedAt));
  const full = deployed.filter(({ fullAt }) => fullAt !== null);
  const failed = deployed.filter(({ failure }) => failure !== null);
  const over = records.filter(({ endedAt }) => within(endedAt));
  const production = over.filter(({ production: is }) => is);
  const rollbacks = production.filter(
    ({ intent, phase }) => intent === 'rollback' && phase === 'succeeded',
  );
  const started = over.filter(({ startedAt }) => startedAt !== null);
  const judged = over.filter(({ canary }) => canary === 'passed' || canary === 'failed');
  const meant = started.filter(({ phase }) => phase === 'succeeded' || phase === 'rolled_back');
  return {
    deployments: { value: full.length, n: full.length },
    deploymentDays: deployDaysPerWeek(
      full.map(({ fullAt }) => fullAt ?? 0),
      window,
      rules.zone,
    ),
    leadTime: spans(full, ({ record, fullAt }) => span(record.committedAt, fullAt)),
    changeFailRate: share(failed.length, deployed.length),
    recoveryTime: spans(failed, ({ record, recoveredAt }) => span(record.trafficAt, recoveredAt)),
    reworkRate: share(
      full.filter(({ rework }) => rework).length + rollbacks.length,
      full.length + rollbacks.length,
    ),
    caughtBeforeTraffic: counted(production.filter(stoppedBefore).length),
    caughtInCanary: counted(deployed.filter(({ fullAt }) => fullAt === null).length),
    approvalTime: spans(over, ({ requestedAt, approvedAt }) => span(requestedAt, approvedAt)),
    queueTime: spans(started, ({ requestedAt, approvedAt, startedAt }) =>
      span(approvedAt ?? requestedAt, startedAt),
    ),
    rollbackTime: spans(over, waysBack),
    canaryPassRate: share(judged.filter(({ canary }) => canary === 'passed').length, judged.length),
    promotionTime: spans(full, (deployment) => promotion(deployment, records)),
    rolloutSuccess: share(meant.filter(({ phase }) => phase === 'succeeded').length, meant.length),
    alertsLinked: counted(alerts.filter(({ startsAt }) => within(startsAt)).length),
  };
}

/** A rollout that began to change production and turned back before anybody was served by it. */
function stoppedBefore(record: ReleaseRecord): boolean {
  return record.intent === 'deploy' && record.trafficAt === null && record.abort !== null;
}

function waysBack({ intent, phase, requestedAt, endedAt, abort }: ReleaseRecord): number | null {
  if (phase === 'rolled_back' && abort !== null) return span(abort.at, endedAt);
  return intent === 'rollback' && phase === 'succeeded' ? span(requestedAt, endedAt) : null;
}

function promotion(
  { record, fullAt }: Deployment,
  records: readonly ReleaseRecord[],
): number | null {
  const before = records
    .filter(
      (other) =>
        other.service === record.service &&
        other.digest === record.digest &&
        other.environment !== record.environment &&
        other.phase === 'succeeded' &&
        (other.endedAt ?? 0) <= record.requestedAt,
    )
    .map(({ endedAt }) => endedAt ?? 0);
  return before.length === 0 ? null : span(Math.max(...before), fullAt);
}

/** Seconds between two instants; null when either is unknown or they are the wrong way round. */
function span(from: Instant | null, to: Instant | null): number | null {
  return from === null || to === null || to < from ? null : (to - from) / 1000;
}

function spans<T>(all: readonly T[], measure: (one: T) => number | null): Figure {
  const known = all.map(measure).filter((seconds) => seconds !== null);
  return { value: median(known), n: known.length };
}

function share(some: number, of: number): Figure {
  return { value: of === 0 ? null : some / of, n: of };
}

function counted(value: number): Figure {
  return { value, n: value };
}
