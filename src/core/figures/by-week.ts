import type { Instant } from '#core/ids.ts';
import { deploymentsOf } from './deployments.ts';
import type { FigureQuestion } from './figures.ts';
import { weeksOf } from './weeks.ts';

/** Production deployments that ended in a week. */
export interface Week {
  readonly from: Instant;
  readonly to: Instant;
  /** Reached all of production. */
  readonly reached: number;
  /** Failed, by the definition of the change fail rate; one that reached 100 % before counts in both. */
  readonly failed: number;
}

/** The weeks of a window, from the first to the last, empty ones included. */
export function deploymentsByWeek({
  records,
  alerts,
  window,
  rules,
}: FigureQuestion): readonly Week[] {
  const all = deploymentsOf(records, alerts, rules);
  return weeksOf(window, rules.zone).map(({ from, to }) => {
    const ended = all.filter(
      ({ record }) => (record.endedAt ?? 0) >= from && (record.endedAt ?? 0) < to,
    );
    return {
      ...{ from, to },
      reached: ended.filter(({ fullAt }) => fullAt !== null).length,
      failed: ended.filter(({ failure }) => failure !== null).length,
    };
  });
}
