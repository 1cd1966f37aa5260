import type { Instant } from '#core/ids.ts';
import type { AlertEffect } from '#core/settings/alerts.ts';
import type { Aim } from './alert.ts';
import { type AlertGroup, firing, isAimedAt, worstEffect } from './group.ts';

/** A group of alerts that fires in a place, as a board shows it. */
export interface PlaceAlert {
  /** `alertmanager-0a1b2c3d4e5f6071`: what commands call it. */
  readonly group: string;
  readonly title: string;
  /** The severity of the worst of them, as its sender tells it. */
  readonly severity: string;
  readonly effect: AlertEffect;
  readonly since: Instant;
  /** Alerts of the group that fire in this place. */
  readonly count: number;
}

/** What fires in a place now: the worst first, then the oldest. */
export function alertsIn(groups: readonly AlertGroup[], place: Aim): readonly PlaceAlert[] {
  return groups
    .flatMap((group): readonly PlaceAlert[] => {
      const here = firing(group).filter(({ aim }) => isAimedAt(aim, place));
      const effect = worstEffect(here);
      const worst = here.find((alert) => alert.effect === effect);
      if (worst === undefined) return [];
      const since = Math.min(...here.map(({ startsAt }) => startsAt));
      const { id, title } = group;
      return [{ group: id, title, severity: worst.severity, effect, since, count: here.length }];
    })
    .toSorted((a, b) => weight[b.effect] - weight[a.effect] || a.since - b.since);
}

const weight: Readonly<Record<AlertEffect, number>> = { 'roll-back': 2, pause: 1, note: 0 };
