import type { Instant } from '#core/ids.ts';

interface Timed {
  readonly at: Instant;
}

export interface Aligned<T> {
  readonly pairs: readonly { readonly stable: T; readonly candidate: T }[];
  /** Samples without a partner on the other side. */
  readonly alone: { readonly stable: number; readonly candidate: number };
}

/**
 * Pairs the samples of both sides that end at the same time, give or take half a step.
 * Comparing within the interval is what makes the verdict blind to everything that hits both sides
 * alike: the time of day, a slow database, a burst of bad requests. Times count from when each side
 * `began`; 0 for both is the clock.
 */
export function align<T extends Timed>(
  stable: readonly T[],
  candidate: readonly T[],
  began: { readonly stable: Instant; readonly candidate: Instant },
): Aligned<T> {
  const left = inOrder(stable);
  const right = inOrder(candidate);
  if (sameTimes(left, right, began.stable - began.candidate)) return allPaired(left, right);
  const tolerance = Math.min(typicalStep(left), typicalStep(right)) / 2;
  const pairs: { stable: T; candidate: T }[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const a = left[i];
    const b = right[j];
    if (a === undefined || b === undefined) break;
    const ahead = a.at - began.stable - (b.at - began.candidate);
    if (Math.abs(ahead) <= tolerance) {
      pairs.push({ stable: a, candidate: b });
      i++;
      j++;
    } else if (ahead < 0) i++;
    else j++;
  }
  return {
    pairs,
    alone: { stable: left.length - pairs.length, candidate: right.length - pairs.length },
  };
}

/** The usual case: both sides were read on the same grid. */
function sameTimes(left: readonly Timed[], right: readonly Timed[], offset: number): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) {
    if ((left[i]?.at ?? 0) - (right[i]?.at ?? 0) !== offset) return false;
  }
  return true;
}

function allPaired<T>(left: readonly T[], right: readonly T[]): Aligned<T> {
  const pairs: { stable: T; candidate: T }[] = [];
  for (let i = 0; i < left.length; i++) {
    const stable = left[i];
    const candidate = right[i];
    if (stable !== undefined && candidate !== undefined) pairs.push({ stable, candidate });
  }
  return { pairs, alone: { stable: 0, candidate: 0 } };
}

function inOrder<T extends Timed>(samples: readonly T[]): readonly T[] {
  for (let i = 1; i < samples.length; i++) {
    if ((samples[i - 1]?.at ?? 0) > (samples[i]?.at ?? 0)) {
      return samples.toSorted((a, b) => a.at - b.at);
    }
  }
  return samples;
}

/** Median distance of neighbours; 0 when there are none, so only equal times pair up. */
function typicalStep(samples: readonly Timed[]): number {
  const steps = new Float64Array(Math.max(0, samples.length - 1));
  for (let i = 0; i < steps.length; i++) {
    steps[i] = (samples[i + 1]?.at ?? 0) - (samples[i]?.at ?? 0);
  }
  return steps.sort()[steps.length >> 1] ?? 0;
}
