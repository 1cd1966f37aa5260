import { evaluate } from '#core/analysis/evaluate.ts';
import { type Learnt, learn } from '#core/analysis/learnt.ts';
import type { Analysis } from '#core/analysis/metric.ts';
import { inputAt } from './policies.ts';
import { kinds, type Run, simulate, sound } from './traffic.ts';
import type { AnyKind } from './unseen-traffic.ts';
import { simulateUnseen, unseenKinds } from './unseen-traffic.ts';

/** Releases that went before, of half an hour each, out of so many that were drawn. */
const before = 10;
const drawn = 40;
const looks = 120;

/** The same version on both sides; `seed` counts from 1 and no other part draws the same ones. */
export function sameOnBothSides(kind: AnyKind, intervals: number, seed: number): Run {
  const unseen = unseenKinds.find((one) => one === kind);
  if (unseen !== undefined) {
    return simulateUnseen(
      unseen,
      intervals,
      9_000_000 + unseenKinds.indexOf(unseen) * 100_000 + seed,
    );
  }
  const known = kinds.find((one) => one === kind) ?? 'steady';
  return simulate(known, intervals, sound, kinds.indexOf(known) * 100_000 + seed);
}

/** What ten releases without a fault taught, other ones for each run. */
export function historyOf(kind: AnyKind, analysis: Analysis): (run: number) => readonly Learnt[] {
  const found = Array.from({ length: drawn }, (_, i) => {
    const input = inputAt(analysis, sameOnBothSides(kind, looks, 50_000 + i), looks, looks);
    return analysis.metrics.map((metric) => {
      const reading = input.readings.find((one) => one.metric === metric.name);
      const evaluation = reading === undefined ? null : evaluate(metric, reading, input);
      return evaluation?.kind === 'compared' ? evaluation.compared.comparison : null;
    });
  });
  return (run) =>
    analysis.metrics.flatMap(({ name }, i) => {
      let known: Learnt | null = null;
      for (let k = 0; k < before; k++) {
        const comparison = found[(run * before + k) % drawn]?.[i] ?? null;
        if (comparison !== null) known = learn(name, known, comparison);
      }
      return known ?? [];
    });
}
