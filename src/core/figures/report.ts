import { deploymentsByWeek, type Week } from './by-week.ts';
import { type Deployment, deploymentsOf } from './deployments.ts';
import type { Window } from './figure.ts';
import { type FigureQuestion, type Figures, figureMeanings, figuresOf } from './figures.ts';
import { previousWindow } from './trend.ts';

/** The figures with everything that they were made from, for machines. Times are epoch milliseconds. */
export interface FiguresReport {
  readonly window: Window;
  readonly zone: string;
  readonly meanings: typeof figureMeanings;
  readonly now: Figures;
  readonly before: Figures;
  readonly weeks: readonly Week[];
  /** Production deployments that ended in the window. */
  readonly deployments: readonly Deployment[];
}

/** Puts the report together. */
export function figuresReport(question: FigureQuestion): FiguresReport {
  const { records, alerts, window, rules } = question;
  return {
    window,
    zone: rules.zone,
    meanings: figureMeanings,
    now: figuresOf(question),
    before: figuresOf({ ...question, window: previousWindow(window) }),
    weeks: deploymentsByWeek(question),
    deployments: deploymentsOf(records, alerts, rules).filter(
      ({ record: { endedAt } }) =>
        endedAt !== null && endedAt >= window.from && endedAt < window.to,
    ),
  };
}
