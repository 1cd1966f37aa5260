import type { Learnt } from '#core/analysis/learnt.ts';
import type { Sample } from '#core/analysis/reading.ts';
import { type Draws, seeded } from '#core/analysis/seeded.ts';
import { normalDistribution, normalQuantile } from './normal.ts';

/** Kinds of traffic, from well-behaved to awkward. Both sides are drawn from the same law under A/A. */
export const kinds = [
  'steady',
  'daily',
  'bursts',
  'autocorrelated',
  'overlapping',
  'heavy-tailed',
  'zero-inflated',
  'low-volume',
] as const;
export type Kind = (typeof kinds)[number];

/** What is wrong with the candidate. */
export interface Defect {
  readonly errorFactor: number;
  readonly errorAdd: number;
  readonly latencyFactor: number;
}

export const sound: Defect = { errorFactor: 1, errorAdd: 0, latencyFactor: 1 };

/** One run of an analysis: a sample per interval, side and metric. */
export interface Run {
  readonly errors: SidedSamples;
  readonly latency: SidedSamples;
  readonly buckets: SidedSamples;
  /** What releases before showed of it; absent for the first one. */
  readonly learnt?: readonly Learnt[];
}

export interface SidedSamples {
  readonly stable: readonly Sample[];
  readonly candidate: readonly Sample[];
}

export const intervalSeconds = 15;
export const candidateShare = 0.2;
const window = 20;
const baseErrors = 0.005;
const medianMs = 80;
const spread = 0.6;
const bounds = [5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 600, 1000, 2500, null] as const;

/** State of a moving level: log of the common and of each side's own drift. */
interface Weather {
  readonly load: number;
  readonly errorLevel: { readonly stable: number; readonly candidate: number };
  readonly latencyLevel: { readonly stable: number; readonly candidate: number };
}

/** Draws one run of `intervals` looks. The seed decides everything. */
export function simulate(kind: Kind, intervals: number, defect: Defect, seed: number): Run {
  const draws = seeded(seed);
  const before = kind === 'overlapping' ? window - 1 : 0;
  const rows = forecast(kind, before + intervals, draws).map((now, i) => ({
    stable: observe(kind, now, 'stable', sound, i - before, draws),
    candidate: observe(kind, now, 'candidate', defect, i - before, draws),
  }));
  const pick = (metric: 'errors' | 'latency' | 'buckets'): SidedSamples => {
    const side = (name: 'stable' | 'candidate'): readonly Sample[] => {
      const samples = rows.map((row) => row[name][metric]);
      return before > 0 && metric !== 'buckets' ? smoothed(samples) : samples;
    };
    return { stable: side('stable'), candidate: side('candidate') };
  };
  return { errors: pick('errors'), latency: pick('latency'), buckets: pick('buckets') };
}

function forecast(kind: Kind, intervals: number, draws: Draws): readonly Weather[] {
  const phase = draws.uniform() * 2 * Math.PI;
  const start = draws.uniform() * 2 * Math.PI;
  let burst = 0;
  let own = {
    stable: { errors: draws.normal(), latency: draws.normal() },
    candidate: { errors: draws.normal(), latency: draws.normal() },
  };
  const step = (level: { errors: number; latency: number }) => ({
    errors: 0.8 * level.errors + 0.6 * draws.normal(),
    latency: 0.8 * level.latency + 0.6 * draws.normal(),
  });
  return Array.from({ length: intervals }, (_, i) => {
    const load = kind === 'daily' ? 1 + 0.7 * Math.sin(start + (2 * Math.PI * i) / 5760) : 1;
    const common = kind === 'daily' ? 0.8 * Math.sin(phase + (2 * Math.PI * i) / 960) : 0;
    burst = burst > 0 ? burst - 1 : draws.uniform() < 1 / 80 ? 2 + draws.poisson(4) : 0;
    const shaken = kind === 'bursts' && burst > 0;
    own = { stable: step(own.stable), candidate: step(own.candidate) };
    const level = (side: 'stable' | 'candidate', what: 'errors' | 'latency'): number => {
      const alone =
        kind === 'autocorrelated' ? own[side][what] * (what === 'errors' ? 0.5 : 0.1) : 0;
      return common + alone + (shaken ? (what === 'errors' ? 2.5 : 1) : 0);
    };
    return {
      load: (kind === 'low-volume' ? 0.05 : 1) * load * (shaken ? 2 : 1),
      errorLevel: { stable: level('stable', 'errors'), candidate: level('candidate', 'errors') },
      latencyLevel: {
        stable: level('stable', 'latency') * 0.5,
        candidate: level('candidate', 'latency') * 0.5,
      },
    };
  });
}

function observe(
  kind: Kind,
  weather: Weather,
  side: 'stable' | 'candidate',
  defect: Defect,
  index: number,
  draws: Draws,
): { readonly errors: Sample; readonly latency: Sample; readonly buckets: Sample } {
  const at = (index + 1) * intervalSeconds * 1000;
  const share = side === 'candidate' ? candidateShare : 1 - candidateShare;
  const total = draws.poisson(40 * intervalSeconds * share * weather.load);
  const base = kind === 'zero-inflated' ? 0.0003 : kind === 'low-volume' ? 0.02 : baseErrors;
  const chance = base * Math.exp(weather.errorLevel[side]) * defect.errorFactor + defect.errorAdd;
  let bad = draws.binomial(total, Math.min(1, chance / (kind === 'bursts' ? 2 : 1)));
  // Failing clients try again at once: in bursts every failure brings another one on average.
  if (kind === 'bursts') {
    for (let first = bad; first > 0; first--) while (draws.uniform() < 0.5) bad++;
    bad = Math.min(bad, total);
  }
  const level = weather.latencyLevel[side] + Math.log(defect.latencyFactor);
  return {
    errors: { kind: 'ratio', at, bad, total },
    latency: { kind: 'value', at, value: gauge(kind, total, level, draws) },
    buckets: histogram(kind, at, total, level, draws),
  };
}

/** The p95 of `total` requests, by the law of order statistics; other gauges for other kinds. */
function gauge(kind: Kind, total: number, level: number, draws: Draws): number {
  if (kind === 'zero-inflated') {
    return draws.uniform() < 0.8 ? 0 : 10 * Math.exp(level + draws.normal());
  }
  if (total === 0) return Number.NaN;
  const rank = Math.max(1, Math.ceil(0.95 * total));
  const u = draws.beta(rank, total - rank + 1);
  if (kind === 'heavy-tailed') {
    const stall = draws.uniform() < 0.03 ? 10 : 1;
    return stall * medianMs * Math.exp(level) * (1 - u) ** (-1 / 1.3);
  }
  return medianMs * Math.exp(level + spread * normalQuantile(u));
}

function histogram(kind: Kind, at: number, total: number, level: number, draws: Draws): Sample {
  let left = total;
  let gone = 0;
  const counts = bounds.map((bound) => {
    const below = bound === null ? 1 : distribution(kind, bound, level);
    const count =
      bound === null ? left : draws.binomial(left, Math.min(1, (below - gone) / (1 - gone)));
    gone = below;
    left -= count;
    return count;
  });
  return { kind: 'histogram', at, upper: [...bounds], counts };
}

function distribution(kind: Kind, bound: number, level: number): number {
  const size = bound / (medianMs * Math.exp(level));
  if (kind === 'heavy-tailed') return size <= 0.5 ? 0 : 1 - (size / 0.5) ** -1.3;
  return normalDistribution(Math.log(size) / spread);
}

/** As `rate(...[5m])` gives them: each value covers five minutes and shares most with the one before. */
function smoothed(samples: readonly Sample[]): readonly Sample[] {
  return samples.slice(window - 1).map((sample, i) => {
    const covered = samples.slice(i, i + window);
    let top = 0;
    let under = 0;
    for (const one of covered) {
      if (one.kind === 'ratio') {
        top += one.bad;
        under += one.total;
      } else if (one.kind === 'value') {
        top += one.value;
        under++;
      }
    }
    return { kind: 'value', at: sample.at, value: top / under };
  });
}
