import { evaluate } from '#core/analysis/evaluate.ts';
import { decisive, strongestHarm, wayOf } from '#core/analysis/harm.ts';
import { countAbove, countOf, histogramOf } from '#core/analysis/histogram.ts';
import { compareHistograms, histogramPairs } from '#core/analysis/histogram-comparison.ts';
import { judge } from '#core/analysis/index.ts';
import type { JudgeInput } from '#core/analysis/judge.ts';
import { Analysis } from '#core/analysis/metric.ts';
import { mannWhitneyShift, standardised, z98 } from '#core/analysis/profiles/mann-whitney.ts';
import type { Reading, Sample } from '#core/analysis/reading.ts';
import { evidenceNeeded, spending } from '#core/analysis/spending.ts';
import { strongestByLook } from './screen.ts';
import { intervalSeconds, type Run, type SidedSamples } from './traffic.ts';

/** Decides at each look, every 15 s, whether the candidate is to be turned back. */
export interface Policy {
  readonly name: string;
  /** The first look (from 1) at which it alarms within the run; null when it never does. */
  firstAlarm(run: Run): number | null;
}

const floors = {
  errors: { relative: 0.1, absolute: 0.002 },
  latency: { relative: 0.1, absolute: 5 },
};

/** Bounds on the evidence below this share of what is needed are not looked into. */
const near = 0.6 * Math.log(1 / 0.02);

/**
 * The house rules with errors as counts and p95 as a gauge, or as histograms. `range`: what the
 * queries of gauges cover, where it stands in their text.
 */
export function ours(latency: 'latency' | 'buckets', range: string | null = null): Policy {
  const query = range === null ? {} : { text: `rate(x[${range}])` };
  const analysis = Analysis.parse({
    source: 'bench',
    alpha: 0.02,
    metrics: [
      { name: 'errors', type: 'ratio', floor: floors.errors, query },
      {
        name: latency,
        type: latency === 'latency' ? 'latency' : 'histogram',
        floor: floors.latency,
        query: latency === 'latency' ? query : {},
      },
    ],
  });
  return {
    name: latency === 'latency' ? 'signalbox' : 'signalbox, histograms',
    firstAlarm(run) {
      const looks = run.errors.stable.length;
      const worthALook = looksWorthIt(run, latency, range !== null);
      for (let look = 1; look <= looks; look++) {
        const asked = worthALook(look);
        if (!asked && look % 97 !== 0) continue;
        const input = inputAt(analysis, run, look, looks);
        const alarm = harmShown(input);
        // Every so often the short cuts are held against the judge itself.
        if ((alarm && !asked) || (look % 97 === 0 && alarm !== judgedWorse(input))) {
          throw new Error(`The short cut and the judge differ at look ${look}`);
        }
        if (alarm) return look;
      }
      return null;
    },
  };
}

function looksWorthIt(
  run: Run,
  latency: 'latency' | 'buckets',
  overlapping: boolean,
): (look: number) => boolean {
  const errors = overlapping ? null : strongestByLook(run.errors);
  const values =
    latency === 'buckets'
      ? strongestByLook(slowShares(run.buckets))
      : overlapping
        ? null
        : strongestByLook(run.latency);
  // Until the bound of histograms is settled every look is asked; values that overlap change once
  // per range only.
  const settled = latency === 'buckets' ? 40 : 0;
  return (look) =>
    look <= settled ||
    (overlapping && look % 20 === 0) ||
    Math.max(errors?.[look] ?? 0, values?.[look] ?? 0) >= near;
}

/** Requests above the bound that histograms are divided at, out of all. */
function slowShares(buckets: SidedSamples): SidedSamples {
  const early = buckets.stable.slice(0, 40).flatMap((stable, i) => {
    const candidate = buckets.candidate[i];
    return candidate === undefined ? [] : [{ stable, candidate }];
  });
  const { test } = compareHistograms(histogramPairs(early).found, 0.95);
  const bound = Number(test.split(' ').at(-1));
  const side = (samples: readonly Sample[]): readonly Sample[] =>
    samples.map((sample) => {
      if (sample.kind !== 'histogram') return sample;
      const histogram = histogramOf(sample);
      const bad = countAbove(histogram, bound);
      return { kind: 'ratio', at: sample.at, bad, total: countOf(histogram) };
    });
  return { stable: side(buckets.stable), candidate: side(buckets.candidate) };
}

function judgedWorse(input: JudgeInput): boolean {
  return judge(input).phase === 'failed';
}

/** What the judge decides, without intervals and words. */
function harmShown(input: JudgeInput): boolean {
  const compared = input.analysis.metrics.flatMap((metric) => {
    const reading = input.readings.find((one) => one.metric === metric.name);
    const found = reading === undefined ? null : evaluate(metric, reading, input);
    return found?.kind === 'compared' ? [{ metric, compared: found.compared }] : [];
  });
  const shown = compared.map(
    (one) => [one.metric.name, strongestHarm(one.metric, one.compared)] as const,
  );
  const spent = spending(input.analysis, new Map(shown));
  return compared.some((one) => {
    const needed = evidenceNeeded(one.metric, spent.get(one.metric.name) ?? 0);
    const { comparison, price } = decisive(one.metric, one.compared, needed);
    return wayOf(one.metric, comparison, needed + price) === 'worse';
  });
}

/** Kayenta's judge as the profile does it: growing window, judged every five minutes. */
export function netflixAca(): Policy {
  const analysis = Analysis.parse({
    source: 'bench',
    profile: 'netflix-aca',
    minimum: { points: 1 },
    metrics: [
      { name: 'errors', type: 'ratio', aca: { direction: 'increase' } },
      { name: 'latency', type: 'latency', aca: { direction: 'increase' } },
    ],
  });
  return {
    name: 'netflix-aca, 5 min slices',
    firstAlarm(run) {
      const looks = run.errors.stable.length;
      const slice = 300 / intervalSeconds;
      for (let look = slice; look <= looks; look += slice) {
        if (judge(inputAt(analysis, run, look, looks)).phase === 'failed') return look;
      }
      return null;
    },
  };
}

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

const slice = 300 / intervalSeconds;

/**
 * Argo's example: success at least 95 % (and p95 at most 500 ms) each five minutes, three may fail.
 * The number to tune is the share of both limits at which a slice fails, so 1 is the example.
 */
export const fixedThresholds: Tunable = {
  name: 'fixed thresholds',
  every: slice,
  statistic(run, look) {
    const worst: number[] = [];
    for (let end = slice; end <= look; end += slice) {
      const errors = meanOf(run.errors.candidate.slice(end - slice, end));
      const latency = meanOf(run.latency.candidate.slice(end - slice, end));
      worst.push(Math.max(errors / 0.05, latency / 500));
    }
    return worst.toSorted((a, b) => b - a)[3] ?? 0;
  },
};

/**
 * A fixed-sample test looked at again and again: Mann-Whitney on p95 and the pooled z test on error
 * counts, one-sided, with our minimum and our floors. The number to tune is z.
 */
export const peeked: Tunable = { name: 'fixed-sample test', every: 1, statistic: peekedStatistic };

/** The classification of netflix-aca in five-minute slices; the number to tune is z, 2.33 for its 0.98. */
export const aca: Tunable = {
  name: 'netflix-aca',
  every: slice,
  statistic: (run, look) => Math.max(acaZ(run.errors, look), acaZ(run.latency, look)),
};

function acaZ(samples: SidedSamples, look: number): number {
  const control = sortedValues(samples.stable, look);
  const experiment = sortedValues(samples.candidate, look);
  if (control.length === 0 || experiment.length === 0) return 0;
  const { estimate } = mannWhitneyShift(experiment, control, z98);
  if (!(estimate > 0)) return 0;
  const z = standardised(experiment, control, 0.25 * estimate);
  return Number.isFinite(z) ? z : 0;
}

function meanOf(samples: readonly Sample[]): number {
  let top = 0;
  let under = 0;
  for (const sample of samples) {
    if (sample.kind === 'ratio') {
      top += sample.bad;
      under += sample.total;
    } else if (sample.kind === 'value' && Number.isFinite(sample.value)) {
      top += sample.value;
      under += 1;
    }
  }
  return under === 0 ? 0 : top / under;
}

export const nominalZ = z98;

/** The larger z of the two tests at a look, where the estimate is beyond the floors. */
function peekedStatistic(run: Run, look: number): number {
  return Math.max(errorsZ(run.errors, look), latencyZ(run.latency, look));
}

function errorsZ(samples: SidedSamples, look: number): number {
  if (samples.stable[0]?.kind !== 'ratio') return latencyZ(samples, look);
  const stable = totalOf(samples.stable, look);
  const candidate = totalOf(samples.candidate, look);
  if (Math.min(stable.total, candidate.total) < 100) return 0;
  const before = stable.bad / stable.total;
  const rise = candidate.bad / candidate.total - before;
  if (rise < floors.errors.absolute || rise < floors.errors.relative * before) return 0;
  const pooled = (stable.bad + candidate.bad) / (stable.total + candidate.total);
  return rise / Math.sqrt(pooled * (1 - pooled) * (1 / stable.total + 1 / candidate.total));
}

function totalOf(samples: readonly Sample[], look: number): { bad: number; total: number } {
  const sum = { bad: 0, total: 0 };
  for (const sample of samples.slice(0, look)) {
    if (sample.kind !== 'ratio') continue;
    sum.bad += sample.bad;
    sum.total += sample.total;
  }
  return sum;
}

function latencyZ(samples: SidedSamples, look: number): number {
  const stable = sortedValues(samples.stable, look);
  const candidate = sortedValues(samples.candidate, look);
  if (Math.min(stable.length, candidate.length) < 10) return 0;
  const z = standardised(candidate, stable, 0);
  if (!(z > 1.5)) return 0;
  const { estimate } = mannWhitneyShift(candidate, stable, z98);
  const level = stable[stable.length >> 1] ?? 0;
  const floor = samples.stable[0]?.kind === 'ratio' ? floors.errors : floors.latency;
  return estimate >= floor.relative * Math.abs(level) ? z : 0;
}

function sortedValues(samples: readonly Sample[], look: number): Float64Array {
  const values: number[] = [];
  for (const sample of samples.slice(0, look)) {
    if (sample.kind === 'value' && Number.isFinite(sample.value)) values.push(sample.value);
    if (sample.kind === 'ratio' && sample.total > 0) values.push(sample.bad / sample.total);
  }
  return Float64Array.from(values).sort();
}

/** What the judge is given at a look. */
export function inputAt(analysis: Analysis, run: Run, look: number, looks: number): JudgeInput {
  return {
    analysis,
    looksBefore: look - 1,
    blindLooks: 0,
    last: look === looks,
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
