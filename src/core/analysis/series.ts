import type { Comparison } from './comparison.ts';
import type { EventInterval } from './event-interval.ts';
import { compareHistograms, histogramPairs, mostOfHistograms } from './histogram-comparison.ts';
import type { Learnt } from './learnt.ts';
import type { Metric } from './metric.ts';
import { remembers } from './query-range.ts';
import { compareRanks, mostOfRanks } from './rank-comparison.ts';
import type { Sides } from './ranking.ts';
import { compareRates, compareShares, mostOfRates, ofEvents } from './rate-comparison.ts';
import type { Sample } from './reading.ts';
import { type Stages, stageAt } from './stages.ts';

export interface SamplePair {
  readonly stable: Sample;
  readonly candidate: Sample;
}

/** Intervals that can be compared, with the test that fits them. */
export interface Series {
  readonly length: number;
  /** Pairs without traffic or numbers. */
  readonly dropped: number;
  /** Pairs that share most of their data with a neighbour that is used. */
  readonly overlapping: number;
  /** When an interval ended, epoch milliseconds. */
  at(index: number): number;
  /** Compares the intervals [from, to). */
  compare(from: number, to: number): Comparison;
  /** The evidence for any change that a comparison of them could at most show, where that is quick. */
  atMost(from: number, to: number): number;
}

/**
 * Chooses what is compared and how. Where values cover more than one interval, as `rate(x[5m])` read
 * every 15 s does, only one value per range is used, so that no two share data: neighbours then tell
 * nothing of each other, which is what the tests promise for. Null when nothing can be compared.
 */
export function seriesOf(
  metric: Metric,
  pairs: readonly SamplePair[],
  stepSeconds: number,
  stages?: Stages,
  learnt: Learnt | null = null,
): Series | null {
  const stride = Math.max(1, Math.ceil(remembers(metric) / stepSeconds - 1e-9));
  const used = stride === 1 ? pairs : pairs.filter((_, i) => i % stride === stride - 1);
  const overlapping = stride === 1 ? 0 : pairs.length - used.length;
  const kind = pairs[0]?.candidate.kind;
  const stageOf = (at: number): number => stageAt(stages, at);
  if (kind === 'histogram') {
    const { found, kept } = histogramPairs(used, stageOf);
    return made(
      used,
      kept,
      overlapping,
      (from, to) => compareHistograms(part(found, from, to), metric.quantile, learnt),
      (from, to) => mostOfHistograms(part(found, from, to), metric.quantile),
    );
  }
  if (kind === 'ratio' || kind === 'count') {
    const { found, kept } = eventIntervals(used, stageOf);
    return made(
      used,
      kept,
      overlapping,
      (from, to) =>
        kind === 'ratio'
          ? compareShares(part(found, from, to), 'sequential exact test', ofEvents, learnt)
          : compareRates(part(found, from, to), 'sequential Poisson test', ofEvents, learnt),
      (from, to) => mostOfRates(part(found, from, to), kind === 'ratio'),
    );
  }
  const { found, kept } = valuePairs(used);
  return made(
    used,
    kept,
    overlapping,
    (from, to) => compareRanks(span(found, from, to)),
    (from, to) => mostOfRanks(span(found, from, to)),
  );
}

function made(
  used: readonly SamplePair[],
  kept: readonly SamplePair[],
  overlapping: number,
  compare: Series['compare'],
  atMost: Series['atMost'],
): Series | null {
  if (kept.length === 0) return null;
  return {
    length: kept.length,
    dropped: used.length - kept.length,
    overlapping,
    at: (index) => kept[index]?.candidate.at ?? 0,
    compare,
    atMost,
  };
}

function part<T>(all: readonly T[], from: number, to: number): readonly T[] {
  return from === 0 && to === all.length ? all : all.slice(from, to);
}

function span({ stable, candidate }: Sides, from: number, to: number): Sides {
  return { stable: stable.subarray(from, to), candidate: candidate.subarray(from, to) };
}

interface Kept<T> {
  readonly found: T;
  readonly kept: readonly SamplePair[];
}

function valuePairs(pairs: readonly SamplePair[]): Kept<Sides> {
  const columns = {
    stable: new Float64Array(pairs.length),
    candidate: new Float64Array(pairs.length),
  };
  const kept: SamplePair[] = [];
  for (const pair of pairs) {
    const { stable, candidate } = pair;
    if (stable.kind !== 'value' || candidate.kind !== 'value') continue;
    if (!Number.isFinite(stable.value) || !Number.isFinite(candidate.value)) continue;
    columns.stable[kept.length] = stable.value;
    columns.candidate[kept.length] = candidate.value;
    kept.push(pair);
  }
  return { found: span(columns, 0, kept.length), kept };
}

function eventIntervals(
  pairs: readonly SamplePair[],
  stageOf: (at: number) => number,
): Kept<readonly EventInterval[]> {
  const found: EventInterval[] = [];
  const kept: SamplePair[] = [];
  for (const pair of pairs) {
    const stable = eventsOf(pair.stable);
    const candidate = eventsOf(pair.candidate);
    if (stable === null || candidate === null) continue;
    if (!(stable.exposure > 0 && candidate.exposure > 0)) continue;
    found.push({ stable, candidate, stage: stageOf(pair.candidate.at) });
    kept.push(pair);
  }
  return { found, kept };
}

function eventsOf(sample: Sample): EventInterval['stable'] | null {
  if (sample.kind === 'ratio') return { events: sample.bad, exposure: sample.total };
  if (sample.kind === 'count') return { events: sample.events, exposure: sample.exposure };
  return null;
}
