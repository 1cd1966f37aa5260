import { lateStarts } from '#core/analysis/late-starts.ts';
import { logMean } from '#core/analysis/mixture.ts';
import { rank, scoreShift } from '#core/analysis/ranking.ts';
import { evidenceOfMore } from '#core/analysis/rate-evidence.ts';
import type { Sample } from '#core/analysis/reading.ts';
import { pricesOf } from '#core/analysis/stages.ts';
import type { SidedSamples } from './traffic.ts';

/**
 * Most looks are far from any verdict, which a cheap upper bound shows: the evidence before anything
 * is taken off it for memory, clumps and the most telling stretch. The judge itself is asked only
 * where the bound is near; the bench also asks it now and then elsewhere, and stops if they differ.
 *
 * The strongest evidence for harm from any start, its price taken off, by looks from 1.
 */
export function strongestByLook(samples: SidedSamples): Float64Array {
  const found = known.get(samples) ?? strongestOf(samples);
  known.set(samples, found);
  return found;
}

const known = new WeakMap<SidedSamples, Float64Array>();

function strongestOf(samples: SidedSamples): Float64Array {
  const length = samples.stable.length;
  const strongest = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY);
  const evidenceFrom = samples.stable[0]?.kind === 'ratio' ? countsFrom : ranksFrom;
  const whole = evidenceFrom(samples, 0, length);
  for (let look = 1; look <= length; look++) {
    strongest[look] = (whole[look] ?? 0) - pricesOf(undefined).whole;
  }
  for (const [from, last] of reaches(length)) {
    const evidence = evidenceFrom(samples, from, last);
    for (let look = from + 1; look <= last; look++) {
      const start = lateStarts(look).find((one) => one.from === from);
      const found = (evidence[look - from] ?? 0) - (start?.price ?? Number.POSITIVE_INFINITY);
      strongest[look] = Math.max(strongest[look] ?? 0, found);
    }
  }
  return strongest;
}

/** Late starts, and the last look that takes each into account. */
function reaches(length: number): ReadonlyMap<number, number> {
  const reach = new Map<number, number>();
  for (let look = 1; look <= length; look++) {
    for (const { from } of lateStarts(look)) reach.set(from, look);
  }
  return reach;
}

function countsFrom(samples: SidedSamples, from: number, to: number): Float64Array {
  const found = new Float64Array(to - from + 1);
  let candidate = 0;
  let all = 0;
  let shared = 0;
  for (let i = from; i < to; i++) {
    const [left, right] = [samples.stable[i], samples.candidate[i]];
    if (left?.kind === 'ratio' && right?.kind === 'ratio' && left.total > 0 && right.total > 0) {
      candidate += right.bad;
      all += left.bad + right.bad;
      shared += ((left.bad + right.bad) * right.total) / (left.total + right.total);
    }
    found[i - from + 1] =
      all === 0 ? 0 : evidenceOfMore({ candidate, all, share: shared / all }, 1);
  }
  return found;
}

const bets = [0.25, 0.5, 1, 2, 4];

function ranksFrom(samples: SidedSamples, from: number, to: number): Float64Array {
  const kept: number[] = [];
  for (let i = from; i < to; i++) {
    if (finite(samples.stable[i]) && finite(samples.candidate[i])) kept.push(i);
  }
  const column = (side: readonly Sample[]): Float64Array =>
    Float64Array.from(kept, (i) => numberOf(side[i]));
  const series = { stable: column(samples.stable), candidate: column(samples.candidate) };
  const sorted = {
    stable: series.stable.slice().sort(),
    candidate: series.candidate.slice().sort(),
  };
  const scores = new Float64Array(kept.length);
  scoreShift(rank(series, sorted), 0, scores);
  const logs = new Float64Array(bets.length);
  const found = new Float64Array(to - from + 1);
  let next = 0;
  for (let i = from; i < to; i++) {
    if (kept[next] === i) {
      const score = scores[next++] ?? 0;
      bets.forEach((bet, b) => {
        logs[b] = (logs[b] ?? 0) + bet * score - Math.log(Math.cosh(bet * score));
      });
    }
    found[i - from + 1] = logMean(logs);
  }
  return found;
}

function numberOf(sample: Sample | undefined): number {
  return sample?.kind === 'value' ? sample.value : Number.NaN;
}

function finite(sample: Sample | undefined): boolean {
  return Number.isFinite(numberOf(sample));
}
