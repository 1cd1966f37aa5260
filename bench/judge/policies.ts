import { evaluate } from '#core/analysis/evaluate.ts';
import { harmEvidence, wayOf } from '#core/analysis/harm.ts';
import { judge } from '#core/analysis/index.ts';
import type { JudgeInput } from '#core/analysis/judge.ts';
import { Analysis } from '#core/analysis/metric.ts';
import { mannWhitneyShift, standardised, z98 } from '#core/analysis/profiles/mann-whitney.ts';
import type { Reading, Sample } from '#core/analysis/reading.ts';
import { evidenceNeeded, spending } from '#core/analysis/spending.ts';
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

/** The house rules with errors as counts and p95 as a gauge, or as histograms. */
export function ours(latency: 'latency' | 'buckets'): Policy {
  const analysis = Analysis.parse({
    source: 'bench',
    alpha: 0.02,
    metrics: [
      { name: 'errors', type: 'ratio', floor: floors.errors },
      {
        name: latency,
        type: latency === 'latency' ? 'latency' : 'histogram',
        floor: floors.latency,
      },
    ],
  });
  return {
    name: latency === 'latency' ? 'signalbox' : 'signalbox, histograms',
    firstAlarm(run) {
      const looks = run.errors.stable.length;
      for (let look = 1; look <= looks; look++) {
        const input = inputAt(analysis, run, look, looks);
        const alarm = harmShown(input);
        // Every so often the short cut is held against the judge itself.
        if (look % 97 === 0 && alarm !== (judge(input).phase === 'failed')) {
          throw new Error(`The short cut and the judge differ at look ${look}`);
        }
        if (alarm) return look;
      }
      return null;
    },
  };
}

/** What the judge decides, without intervals and words. */
function harmShown(input: JudgeInput): boolean {
  const compared = input.analysis.metrics.flatMap((metric) => {
    const reading = input.readings.find((one) => one.metric === metric.name);
    const found = reading === undefined ? null : evaluate(metric, reading, input);
    return found?.kind === 'compared' ? [{ metric, comparison: found.compared.comparison }] : [];
  });
  const shown = compared.map(
    ({ metric, comparison }) => [metric.name, harmEvidence(metric, comparison)] as const,
  );
  const spent = spending(input.analysis, new Map(shown));
  return compared.some(({ metric, comparison }) => {
    const needed = evidenceNeeded(metric, spent.get(metric.name) ?? 0);
    return wayOf(metric, comparison, needed) === 'worse';
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

/** Argo's example: success at least 95 % (and p95 at most 500 ms) each five minutes, three may fail. */
export function fixedThresholds(): Policy {
  const slice = 300 / intervalSeconds;
  return {
    name: 'fixed thresholds',
    firstAlarm(run) {
      let failed = 0;
      for (let look = slice; look <= run.errors.candidate.length; look += slice) {
        const errors = meanOf(run.errors.candidate.slice(look - slice, look));
        const latency = meanOf(run.latency.candidate.slice(look - slice, look));
        if (errors > 0.05 || latency > 500) failed++;
        if (failed > 3) return look;
      }
      return null;
    },
  };
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

/**
 * A fixed-sample test looked at again and again: Mann-Whitney on p95 and the pooled z test on error
 * counts, one-sided at `z` each, with our minimum and our floors.
 */
export function peeked(name: string, z: number): Policy {
  return {
    name,
    firstAlarm(run) {
      for (let look = 1; look <= run.errors.stable.length; look++) {
        if (peekedStatistic(run, look) >= z) return look;
      }
      return null;
    },
  };
}

export const nominalZ = z98;

/** The larger z of the two tests at a look, where the estimate is beyond the floors. */
export function peekedStatistic(run: Run, look: number): number {
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
