import type { Comparison } from './comparison.ts';
import { type LateStart, lateStarts } from './late-starts.ts';
import type { Series } from './series.ts';
import { pricesOf, type Stages, stageAt } from './stages.ts';

/** The intervals from a late start on, compared by themselves. */
export interface LateComparison {
  readonly comparison: Comparison;
  /** When the first of them ended, epoch milliseconds. */
  readonly since: number;
  /** Evidence must be so much stronger than for the whole. */
  readonly price: number;
}

/**
 * Comparisons from later starts that show harm by themselves, the longest first; most looks have
 * none. What shows less evidence than `least` is left out at once: it could not matter.
 *
 * A short stretch says little of how much intervals repeat themselves, and a change would look like
 * memory in all that is known: so the larger of what the stretch itself and what the time before any
 * of these starts show is reckoned with.
 */
export function lateComparisons(
  series: Series,
  least: number,
  stages?: Stages,
): readonly LateComparison[] {
  const starts = [...stageStarts(series, stages), ...lateStarts(series.length)].toSorted(
    (a, b) => a.from - b.from,
  );
  let before: number | null = null;
  const found: LateComparison[] = [];
  for (const { from, price } of starts) {
    if (series.atMost(from, series.length) < least + price) continue;
    const comparison = series.compare(from, series.length);
    const { up, down } = comparison.evidence;
    if (Math.max(up, down) < least + price) continue;
    before ??= series.compare(0, starts[0]?.from ?? from).inefficiency;
    const slower = Math.max(1, before / comparison.inefficiency);
    found.push({ comparison: slowed(comparison, slower), since: series.at(from), price });
  }
  return found;
}

/** Where the stages after the first begin in the series. */
function stageStarts(series: Series, stages: Stages | undefined): readonly LateStart[] {
  if (stages === undefined || stages.began.length === 1) return [];
  const price = pricesOf(stages).stage;
  const starts: LateStart[] = [];
  let before = stageAt(stages, series.at(0));
  for (let i = 1; i < series.length; i++) {
    const stage = stageAt(stages, series.at(i));
    if (stage !== before) starts.push({ from: i, price });
    before = stage;
  }
  return starts;
}

/** The same comparison where points are worth `by` times less. */
function slowed(comparison: Comparison, by: number): Comparison {
  if (by === 1) return comparison;
  const { evidence } = comparison;
  return {
    ...comparison,
    evidence: { up: evidence.up / by, down: evidence.down / by },
    inefficiency: comparison.inefficiency * by,
    bounds: (threshold) => comparison.bounds(threshold * by),
    detectable: (threshold, bounds) => comparison.detectable(threshold * by, bounds),
  };
}
