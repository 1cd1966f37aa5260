import type { Sample } from '#core/analysis/reading.ts';
import { type Draws, seeded } from '#core/analysis/seeded.ts';
import type { Kind, Run, SidedSamples } from './traffic.ts';

/**
 * A second generator that shares no model with the first and was never used to choose a constant.
 * `queues` showed that a burst on one side went unnoticed as a clump; the judge was mended, and
 * `pauses` was written afterwards to have a fresh one. Both sides always run the same version.
 */
export const unseenKinds = ['queues', 'pauses', 'sessions', 'incidents', 'recorded'] as const;
export type UnseenKind = (typeof unseenKinds)[number];
export type AnyKind = Kind | UnseenKind;

const intervalSeconds = 15;
const bounds = [50, 100, 200, 300, 500, 800, 1200, 2000, 4000, null] as const;

interface Seen {
  readonly errors: Sample;
  readonly latency: Sample;
  readonly buckets: Sample;
}

/** The same version on both sides for `intervals` looks. The seed decides everything. */
export function simulateUnseen(kind: UnseenKind, intervals: number, seed: number): Run {
  const draws = seeded(seed);
  const rows = generators[kind](intervals, draws);
  const pick = (metric: keyof Seen): SidedSamples => ({
    stable: rows.map((row) => row.stable[metric]),
    candidate: rows.map((row) => row.candidate[metric]),
  });
  return { errors: pick('errors'), latency: pick('latency'), buckets: pick('buckets') };
}

interface Row {
  readonly stable: Seen;
  readonly candidate: Seen;
}

const generators: Readonly<
  Record<UnseenKind, (intervals: number, draws: Draws) => readonly Row[]>
> = { queues, pauses, sessions, incidents, recorded };

/** What one side saw in an interval, from the milliseconds of each request. */
function seen(i: number, bad: number, milliseconds: Float64Array): Seen {
  const at = (i + 1) * intervalSeconds * 1000;
  const sorted = milliseconds.sort();
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
  const counts: number[] = [];
  let done = 0;
  for (const bound of bounds) {
    let upTo = sorted.length;
    if (bound !== null) {
      upTo = done;
      while (upTo < sorted.length && (sorted[upTo] ?? 0) <= bound) upTo++;
    }
    counts.push(upTo - done);
    done = upTo;
  }
  return {
    errors: { kind: 'ratio', at, bad, total: sorted.length },
    latency: { kind: 'value', at, value: p95 },
    buckets: { kind: 'histogram', at, upper: [...bounds], counts },
  };
}

/**
 * Servers with queues: eight run stable and two the candidate, each at 70 % load. Waiting times are
 * those of Lindley's recursion, so slowness builds up and drains; who waits over 3 s gets an error.
 */
function queues(intervals: number, draws: Draws): readonly Row[] {
  const busy = { stable: new Float64Array(8), candidate: new Float64Array(2) };
  const side = (name: 'stable' | 'candidate', i: number): Seen => {
    const all: number[] = [];
    let bad = 0;
    const servers = busy[name];
    for (let s = 0; s < servers.length; s++) {
      let wait = servers[s] ?? 0;
      for (let left = intervalSeconds; ; ) {
        const gap = draws.exponential() / 4;
        left -= gap;
        wait = Math.max(0, wait - gap);
        if (left <= 0) break;
        const service = 0.175 * Math.exp(0.7 * draws.normal() - 0.245);
        if (wait + service > 3) bad++;
        all.push((wait + service) * 1000);
        wait += service;
      }
      servers[s] = wait;
    }
    return seen(i, bad, Float64Array.from(all));
  };
  return Array.from({ length: intervals }, (_, i) => ({
    stable: side('stable', i),
    candidate: side('candidate', i),
  }));
}

/**
 * Servers that stop for some seconds every ten minutes or so, each for itself: what arrives meanwhile
 * waits, and who waits over 2 s gets an error, so errors come by the dozen on one side.
 */
function pauses(intervals: number, draws: Draws): readonly Row[] {
  const stops = {
    stable: Array.from({ length: 8 }, () => ({ from: 600 * draws.exponential(), to: 0 })),
    candidate: Array.from({ length: 2 }, () => ({ from: 600 * draws.exponential(), to: 0 })),
  };
  const plan = (stop: { from: number; to: number }, i: number): void => {
    if ((i + 2) * intervalSeconds < stop.from) return;
    if (stop.to <= stop.from) stop.to = stop.from + 6 * draws.exponential();
    else if (stop.to < i * intervalSeconds) stop.from = stop.to + 600 * draws.exponential();
  };
  const side = (name: 'stable' | 'candidate', i: number): Seen => {
    const all: number[] = [];
    let bad = 0;
    for (const stop of stops[name]) {
      for (let left = draws.poisson(4 * intervalSeconds); left > 0; left--) {
        const now = (i + draws.uniform()) * intervalSeconds;
        const wait = now >= stop.from && now < stop.to ? stop.to - now : 0;
        if (wait > 2) bad++;
        all.push((wait + 0.06 * draws.exponential()) * 1000);
      }
      plan(stop, i);
    }
    return seen(i, bad, Float64Array.from(all));
  };
  return Array.from({ length: intervals }, (_, i) => ({
    stable: side('stable', i),
    candidate: side('candidate', i),
  }));
}

/** Requests come in sessions of about eight on one side; in one session of fifty every second one fails. */
function sessions(intervals: number, draws: Draws): readonly Row[] {
  const side = (perInterval: number, i: number): Seen => {
    const all: number[] = [];
    let bad = 0;
    for (let left = draws.poisson(perInterval); left > 0; left--) {
      const broken = draws.uniform() < 0.02;
      const pace = 60 * Math.exp(0.8 * draws.normal());
      do {
        if (broken && draws.uniform() < 0.5) bad++;
        all.push(pace * (0.5 + draws.exponential()));
      } while (draws.uniform() > 1 / 8);
    }
    return seen(i, bad, Float64Array.from(all));
  };
  return Array.from({ length: intervals }, (_, i) => ({
    stable: side(48, i),
    candidate: side(12, i),
  }));
}

/**
 * Trouble below both sides, on for minutes at a time, that reaches each of them an interval earlier
 * or later by chance and harder or softer; noise with heavy tails (a t with 3 degrees of freedom).
 */
function incidents(intervals: number, draws: Draws): readonly Row[] {
  const reached = { stable: 0, candidate: 0 };
  let trouble = false;
  const side = (name: 'stable' | 'candidate', requests: number, i: number): Seen => {
    if (draws.uniform() < 0.6) reached[name] = trouble ? 0.5 + draws.uniform() : 0;
    const total = draws.poisson(requests);
    const bad = draws.binomial(total, Math.min(1, 0.004 + 0.05 * reached[name]));
    const chi = (draws.normal() ** 2 + draws.normal() ** 2 + draws.normal() ** 2) / 3;
    const level = 90 * (1 + reached[name]) * Math.exp((0.08 * draws.normal()) / Math.sqrt(chi));
    const all = Float64Array.from({ length: total }, () => level * (0.2 + draws.exponential()));
    const { errors, buckets } = seen(i, bad, all);
    return { errors, buckets, latency: { kind: 'value', at: errors.at, value: level * 3 } };
  };
  return Array.from({ length: intervals }, (_, i) => {
    trouble = trouble ? draws.uniform() > 1 / 16 : draws.uniform() < 1 / 120;
    return { stable: side('stable', 480, i), candidate: side('candidate', 120, i) };
  });
}

/** A gauge that a recording rule has smoothed over about two minutes without anybody saying so. */
function recorded(intervals: number, draws: Draws): readonly Row[] {
  const smooth = { stable: 200, candidate: 200 };
  const before = 60;
  const rows = Array.from({ length: before + intervals }, (_, k) => {
    const side = (name: 'stable' | 'candidate', requests: number): Seen => {
      const total = draws.poisson(requests);
      const spread = name === 'stable' ? 0.06 : 0.12;
      const fresh = 200 * Math.exp(spread * draws.normal());
      smooth[name] += (fresh - smooth[name]) / 8;
      const bad = draws.binomial(total, 0.01);
      const all = Float64Array.from({ length: total }, () => 120 * draws.exponential());
      const { errors, buckets } = seen(k - before, bad, all);
      return { errors, buckets, latency: { kind: 'value', at: errors.at, value: smooth[name] } };
    };
    return { stable: side('stable', 480), candidate: side('candidate', 120) };
  });
  return rows.slice(before);
}
