import type { Comparison } from '#core/analysis/comparison.ts';
import { evaluate } from '#core/analysis/evaluate.ts';
import { decisive, harmEvidence, strongestHarm, wayOf } from '#core/analysis/harm.ts';
import { countAbove, countOf, histogramOf } from '#core/analysis/histogram.ts';
import { compareHistograms, histogramPairs } from '#core/analysis/histogram-comparison.ts';
import { judge } from '#core/analysis/index.ts';
import type { JudgeInput } from '#core/analysis/judge.ts';
import { Analysis, type Metric } from '#core/analysis/metric.ts';
import type { Sample } from '#core/analysis/reading.ts';
import { evidenceNeeded, spending } from '#core/analysis/spending.ts';
import { floors, inputAt, type Policy, type Tunable } from './policies.ts';
import { strongestByLook } from './screen.ts';
import type { Run, SidedSamples } from './traffic.ts';

/** Bounds on the evidence below this share of what is needed are not looked into. */
const near = 0.6 * Math.log(1 / 0.02);

/**
 * The house rules with errors as counts and p95 as a gauge, or as histograms. `range`: what the
 * queries of gauges cover, where it stands in their text.
 */
export function ours(latency: 'latency' | 'buckets', range: string | null = null): Policy {
  const analysis = ownAnalysis(latency, range, 0.02);
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

function ownAnalysis(
  latency: 'latency' | 'buckets',
  range: string | null,
  alpha: number,
): Analysis {
  const query = range === null ? {} : { text: `rate(x[${range}])` };
  return Analysis.parse({
    source: 'bench',
    alpha,
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
}

/**
 * The house rules as a rival of themselves: the number to tune is the evidence that either metric
 * must show, log(1 / 0.01) as they come.
 */
export function ownTunable(
  latency: 'latency' | 'buckets',
  range: string | null,
  every: number,
): Tunable {
  // A generous level, so that late starts are not left out below the level that is tuned to.
  const analysis = ownAnalysis(latency, range, 0.3);
  return {
    name: latency === 'latency' ? 'signalbox' : 'signalbox, histograms',
    every,
    statistic(run, look) {
      const input = inputAt(analysis, run, look, run.errors.stable.length);
      const strengths = comparedMetrics(input).flatMap(({ metric, compared }) => [
        strengthOf(metric, compared.comparison, compared.price),
        ...compared.late.map(({ comparison, price }) => strengthOf(metric, comparison, price)),
      ]);
      return Math.max(0, ...strengths);
    },
  };
}

/** Evidence for harm that counts, because it is beyond the floors; nothing otherwise. */
function strengthOf(metric: Metric, comparison: Comparison, price: number): number {
  return wayOf(metric, comparison, 1e-9) === 'worse' ? harmEvidence(metric, comparison) - price : 0;
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
  const compared = comparedMetrics(input);
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

function comparedMetrics(input: JudgeInput) {
  return input.analysis.metrics.flatMap((metric) => {
    const reading = input.readings.find((one) => one.metric === metric.name);
    const found = reading === undefined ? null : evaluate(metric, reading, input);
    return found?.kind === 'compared' ? [{ metric, compared: found.compared }] : [];
  });
}
