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

/** Evidence that may be needed at least: where a bound on it is lower, nothing is looked into. */
const near = 0.95 * Math.log(1 / 0.02);

/** The metrics that latency may be watched by. */
type Latency = 'latency' | 'buckets';

function nameOf(latency: Latency): string {
  return latency === 'latency' ? 'signalbox' : 'signalbox, histograms';
}

/** Ends the names of those that know nothing of releases before. */
export const first = 'first release';

/**
 * The house rules with errors as counts and p95 as a gauge, or as histograms. `range`: what the
 * queries of gauges cover, where it stands in their text.
 */
export function ours(latency: Latency, range: string | null, knowing: boolean): Policy {
  const analysis = ownAnalysis([latency], range, 0.02);
  return {
    name: knowing ? nameOf(latency) : `${nameOf(latency)}, ${first}`,
    firstAlarm({ learnt, ...rest }) {
      const run: Run = knowing && learnt !== undefined ? { ...rest, learnt } : rest;
      const looks = run.errors.stable.length;
      const worthALook = looksWorthIt(run, latency, range !== null);
      for (let look = 1; look <= looks; look++) {
        const asked = worthALook(look);
        if (asked.length === 0 && look % 97 !== 0) continue;
        if (alarmAt(analysis, run, look, asked)) return look;
      }
      return null;
    },
  };
}

/** Every so often the short cuts are held against the judge itself. */
function alarmAt(analysis: Analysis, run: Run, look: number, names: readonly string[]): boolean {
  const input = inputAt(analysis, run, look, run.errors.stable.length);
  const alarm = harmShown(input, names);
  if (look % 97 === 0 && alarm !== judgedWorse(input)) {
    throw new Error(`The short cut and the judge differ at look ${look}`);
  }
  return alarm;
}

/** The analysis of the house: errors, and latency in one form or more. */
export function ownAnalysis(
  latencies: readonly Latency[],
  range: string | null,
  alpha: number,
): Analysis {
  const query = range === null ? {} : { text: `rate(x[${range}])` };
  return Analysis.parse({
    source: 'bench',
    alpha,
    metrics: [
      { name: 'errors', type: 'ratio', floor: floors.errors, query },
      ...latencies.map((latency) => ({
        name: latency,
        type: latency === 'latency' ? 'latency' : 'histogram',
        floor: floors.latency,
        query: latency === 'latency' ? query : {},
      })),
    ],
  });
}

/**
 * The house rules as rivals of themselves, by gauge and by histograms: the number to tune is the
 * evidence that either metric must show, log(1 / 0.01) as they come.
 */
export function ownTunables(range: string | null, every: number): readonly Tunable[] {
  // A generous level, so that late starts are not left out below the level that is tuned to.
  const analysis = ownAnalysis(['latency', 'buckets'], range, 0.3);
  const known = new WeakMap<Run, Map<string, number>>();
  const strengthAt = (run: Run, look: number, name: string): number => {
    const found = known.get(run) ?? new Map<string, number>();
    known.set(run, found);
    const key = `${name} ${look}`;
    const strength = found.get(key) ?? strengthIn(analysis, run, look, name);
    found.set(key, strength);
    return strength;
  };
  return (['latency', 'buckets'] as const).map((latency) => ({
    name: nameOf(latency),
    every,
    statistic: (run, look) =>
      Math.max(strengthAt(run, look, 'errors'), strengthAt(run, look, latency)),
  }));
}

/** The strongest evidence of one metric at a look, from any start. */
function strengthIn(analysis: Analysis, run: Run, look: number, name: string): number {
  const metrics = analysis.metrics.filter((metric) => metric.name === name);
  const input = inputAt({ ...analysis, metrics }, run, look, run.errors.stable.length);
  const strengths = comparedMetrics(input).flatMap(({ metric, compared }) => [
    strengthOf(metric, compared.comparison, compared.price),
    ...compared.late.map(({ comparison, price }) => strengthOf(metric, comparison, price)),
  ]);
  return Math.max(0, ...strengths);
}

/** Evidence for harm that counts, because it is beyond the floors; nothing otherwise. */
function strengthOf(metric: Metric, comparison: Comparison, price: number): number {
  return wayOf(metric, comparison, 1e-9) === 'worse' ? harmEvidence(metric, comparison) - price : 0;
}

/** By look, the metrics that are not far from a verdict. */
function looksWorthIt(
  run: Run,
  latency: Latency,
  overlapping: boolean,
): (look: number) => readonly string[] {
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
  const all = ['errors', latency];
  return (look) => {
    if (look <= settled || (overlapping && look % 20 === 0)) return all;
    return all.filter((_, i) => ((i === 0 ? errors : values)?.[look] ?? 0) >= near);
  };
}

const shares = new WeakMap<SidedSamples, SidedSamples>();

/** Requests above the bound that histograms are divided at, out of all. */
function slowShares(buckets: SidedSamples): SidedSamples {
  const found = shares.get(buckets) ?? sharesOf(buckets);
  shares.set(buckets, found);
  return found;
}

function sharesOf(buckets: SidedSamples): SidedSamples {
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

/** What the judge decides of these metrics, without intervals and words: the others show nothing. */
function harmShown(input: JudgeInput, names: readonly string[]): boolean {
  const compared = comparedMetrics(input, names);
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

function comparedMetrics(
  input: JudgeInput,
  names: readonly string[] = input.analysis.metrics.map(({ name }) => name),
) {
  const asked = input.analysis.metrics.filter(({ name }) => names.includes(name));
  return asked.flatMap((metric) => {
    const reading = input.readings.find((one) => one.metric === metric.name);
    const found = reading === undefined ? null : evaluate(metric, reading, input);
    return found?.kind === 'compared' ? [{ metric, compared: found.compared }] : [];
  });
}
