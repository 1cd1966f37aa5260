import type { JudgeInput } from '#core/analysis/judge.ts';
import { Analysis } from '#core/analysis/metric.ts';
import type { Reading, Sample } from '#core/analysis/reading.ts';

type Class = Reading['class'];

/** A reading that is fit to be judged. */
export function ok(samples: readonly Sample[]): Reading {
  return { class: 'ok', samples: [...samples], query: 'q', notes: [] };
}

/** A reading without samples. */
export function unfit(kind: Class, note?: string): Reading {
  return { class: kind, samples: [], query: 'q', notes: note === undefined ? [] : [note] };
}

/** Errors out of requests, one sample per interval of 15 s. */
export function ratios(counts: readonly (readonly [bad: number, total: number])[]): Reading {
  return ok(counts.map(([bad, total], i) => ({ kind: 'ratio', at: (i + 1) * 15_000, bad, total })));
}

/** The same errors out of requests in each of `times` intervals. */
export function steadyRatio(bad: number, total: number, times: number): Reading {
  return ratios(Array.from({ length: times }, () => [bad, total] as const));
}

/** Values, one per interval of 15 s. */
export function values(all: readonly number[]): Reading {
  return ok(all.map((value, i) => ({ kind: 'value', at: (i + 1) * 15_000, value })));
}

/** Values that wiggle around a level without any chance in them. */
export function wiggle(level: number, times: number, phase = 0): Reading {
  return values(
    Array.from({ length: times }, (_, i) => level * (1 + 0.05 * Math.sin(i * 2.4 + phase))),
  );
}

type Sides = { readonly stable: Reading; readonly candidate: Reading };

/** An input for the judge: readings by metric, everything else as at a look in the middle. */
export function input(
  analysis: unknown,
  readings: Readonly<Record<string, Sides>>,
  more: Partial<JudgeInput> = {},
): JudgeInput {
  return {
    analysis: Analysis.parse(analysis),
    looksBefore: 11,
    blindLooks: 0,
    last: false,
    readings: Object.entries(readings).map(([metric, sides]) => ({ metric, ...sides })),
    ...more,
  };
}

export const fine: Sides = { stable: steadyRatio(4, 800, 12), candidate: steadyRatio(1, 200, 12) };
export const bad: Sides = { stable: steadyRatio(4, 800, 12), candidate: steadyRatio(20, 200, 12) };
export const errors = { name: 'errors', type: 'ratio', floor: { absolute: 0.005 } } as const;
