import type { JudgeInput } from '#core/analysis/judge.ts';
import type { Analysis } from '#core/analysis/metric.ts';
import type { Reading, Sample } from '#core/analysis/reading.ts';
import type { Run } from './traffic.ts';

/** Decides at each look, every 15 s, whether the candidate is to be turned back. */
export interface Policy {
  readonly name: string;
  /** The first look (from 1) at which it alarms within the run; null when it never does. */
  firstAlarm(run: Run): number | null;
}

/** What a difference must be worth to count, for us and for the fixed-sample test. */
export const floors = {
  errors: { relative: 0.1, absolute: 0.002 },
  latency: { relative: 0.1, absolute: 5 },
};

/** A rival with one number to tune: it alarms at the first look whose statistic reaches it. */
export interface Tunable {
  readonly name: string;
  /** Looks between two of its own. */
  readonly every: number;
  statistic(run: Run, look: number): number;
}

/** The rival, alarming from `level` on. */
export function at(rival: Tunable, name: string, level: number): Policy {
  return {
    name,
    firstAlarm(run) {
      for (let look = rival.every; look <= run.errors.stable.length; look += rival.every) {
        if (rival.statistic(run, look) >= level) return look;
      }
      return null;
    },
  };
}

/** What the judge is given at a look. */
export function inputAt(analysis: Analysis, run: Run, look: number, looks: number): JudgeInput {
  return {
    analysis,
    looksBefore: look - 1,
    blindLooks: 0,
    last: look === looks,
    ...(run.learnt === undefined ? {} : { learnt: run.learnt }),
    readings: analysis.metrics.map((metric) => {
      const data =
        run[
          metric.name === 'errors' ? 'errors' : metric.name === 'latency' ? 'latency' : 'buckets'
        ];
      return {
        metric: metric.name,
        stable: reading(data.stable, look),
        candidate: reading(data.candidate, look),
      };
    }),
  };
}

function reading(samples: readonly Sample[], look: number): Reading {
  return { class: 'ok', samples: samples.slice(0, look), query: '', notes: [] };
}
