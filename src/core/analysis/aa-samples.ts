import { align } from './align.ts';
import type { Reading, Sample } from './reading.ts';
import { type Draws, seeded } from './seeded.ts';

/** Neighbours that are exchanged together, so that the memory of a series stays in it. */
const block = 4;

/**
 * The same measurements as if both sides ran the same version: values of an interval change sides by
 * the toss of a coin, a few neighbours at a time; counts of an interval are pooled and dealt out
 * again by chance, each side keeping its traffic. The seed decides everything. Dealing breaks up
 * clumps of errors, so for those only a true run of the same version on both sides will do.
 */
export function exchanged(
  reading: { readonly stable: Reading; readonly candidate: Reading },
  seed: number,
): { readonly stable: Reading; readonly candidate: Reading } {
  const draws = seeded(seed);
  const { pairs } = align(reading.stable.samples, reading.candidate.samples, {
    stable: 0,
    candidate: 0,
  });
  let swap = false;
  const dealt = pairs.map((pair, i) => {
    if (i % block === 0) swap = draws.uniform() < 0.5;
    return deal(pair.stable, pair.candidate, swap, draws);
  });
  return {
    stable: { ...reading.stable, samples: dealt.map((pair) => pair.stable) },
    candidate: { ...reading.candidate, samples: dealt.map((pair) => pair.candidate) },
  };
}

interface Pair {
  readonly stable: Sample;
  readonly candidate: Sample;
}

function deal(stable: Sample, candidate: Sample, swap: boolean, draws: Draws): Pair {
  if (stable.kind === 'value' && candidate.kind === 'value') {
    if (!swap) return { stable, candidate };
    return {
      stable: { ...stable, value: candidate.value },
      candidate: { ...candidate, value: stable.value },
    };
  }
  if (stable.kind === 'ratio' && candidate.kind === 'ratio') {
    const bad = stable.bad + candidate.bad;
    const hit = draws.hypergeometric(stable.total + candidate.total, bad, candidate.total);
    return { stable: { ...stable, bad: bad - hit }, candidate: { ...candidate, bad: hit } };
  }
  if (stable.kind === 'count' && candidate.kind === 'count') {
    const events = stable.events + candidate.events;
    const exposure = stable.exposure + candidate.exposure;
    const hit = draws.binomial(events, exposure > 0 ? candidate.exposure / exposure : 0);
    return {
      stable: { ...stable, events: events - hit },
      candidate: { ...candidate, events: hit },
    };
  }
  if (stable.kind === 'histogram' && candidate.kind === 'histogram') {
    return dealBuckets(stable, candidate, draws);
  }
  return { stable, candidate };
}

type HistogramSample = Extract<Sample, { kind: 'histogram' }>;

/** Bucket by bucket, each time out of what is left of both. */
function dealBuckets(stable: HistogramSample, candidate: HistogramSample, draws: Draws): Pair {
  if (stable.counts.length !== candidate.counts.length) return { stable, candidate };
  const pooled = stable.counts.map((count, i) => count + (candidate.counts[i] ?? 0));
  let left = 0;
  for (const count of pooled) left += count;
  let wanted = 0;
  for (const count of candidate.counts) wanted += count;
  const hits = pooled.map((count) => {
    const hit = draws.hypergeometric(left, count, wanted);
    left -= count;
    wanted -= hit;
    return hit;
  });
  return {
    stable: { ...stable, counts: pooled.map((count, i) => count - (hits[i] ?? 0)) },
    candidate: { ...candidate, counts: hits },
  };
}
