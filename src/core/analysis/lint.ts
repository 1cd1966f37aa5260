import { formatDuration } from '#core/duration.ts';
import type { ExpectedTraffic } from './expected-traffic.ts';
import { priceOfWhole } from './late-starts.ts';
import { floorRemarks } from './lint-floors.ts';
import { fewestPoints, secondsToSee } from './lint-power.ts';
import { queryRemarks } from './lint-query.ts';
import type { Analysis, Metric } from './metric.ts';
import { remembers } from './query-range.ts';
import { evidenceNeeded, spending } from './spending.ts';

/** What is known before a release about how it will be watched. */
export interface LintQuestion {
  readonly analysis: Analysis;
  /** The analysis steps of the plan, in order. */
  readonly steps: readonly { readonly seconds: number; readonly everySeconds: number }[];
  /** Share of the traffic on the candidate in the first of them, from 0 to 1. */
  readonly weight: number;
  readonly releasesPerMonth: number;
  /** What traffic is expected to look like; null when nobody knows. */
  readonly expected: ExpectedTraffic | null;
}

export interface LintReport {
  /** One plain sentence each; empty when the analysis is sound. */
  readonly remarks: readonly string[];
  /** Expected false alarms in a month of harmless releases; the promise is an upper limit. */
  readonly falseAlarmsPerMonth: number;
  /** Expected time until harm of so much is seen, by metric; null when not within the first step. */
  readonly detection: readonly {
    readonly metric: string;
    readonly rise: number;
    readonly seconds: number | null;
  }[];
}

/** Rises for which the time to see them is told. */
const rises = [0.1, 0.5, 1] as const;

/** Looks at an analysis before it runs: what it can never see, and what it will cost. */
export function lintAnalysis(question: LintQuestion): LintReport {
  const { analysis, steps } = question;
  const first = steps[0] ?? null;
  const spent = spending(analysis, new Map());
  const needed = (metric: Metric): number =>
    evidenceNeeded(metric, spent.get(metric.name) ?? 1) + priceOfWhole;
  return {
    remarks: [
      ...analysis.metrics.flatMap((metric) => [
        ...queryRemarks(metric, stepOf(question)),
        ...floorRemarks(metric),
        ...(first === null ? [] : reachRemarks(analysis, metric, first, needed(metric))),
      ]),
      ...countedRemarks(analysis),
      ...baselineRemarks(analysis),
    ],
    falseAlarmsPerMonth: question.releasesPerMonth * Math.min(1, analysis.alpha * steps.length),
    detection:
      first === null || question.expected === null
        ? []
        : detections(question, question.expected, first, needed),
  };
}

function stepOf({ analysis, steps }: LintQuestion): number {
  return analysis.step ?? steps[0]?.everySeconds ?? analysis.every;
}

/** Whether the first step is long enough for the metric to be called worse at all. */
function reachRemarks(
  analysis: Analysis,
  metric: Metric,
  step: LintQuestion['steps'][number],
  needed: number,
): readonly string[] {
  if (metric.type !== 'gauge' && metric.type !== 'latency') return [];
  const interval = Math.max(analysis.step ?? step.everySeconds, remembers(metric));
  const points = Math.floor(step.seconds / interval);
  const fewest = Math.max(analysis.minimum.points, fewestPoints(needed));
  if (points >= fewest) return [];
  return [
    `${metric.name} can never be called worse in ${formatDuration(step.seconds)}: it takes ${fewest} points, one per ${formatDuration(interval)}, and there will be ${points}. Lengthen the step, shorten the interval, or use counts or histograms.`,
  ];
}

function baselineRemarks({ baseline }: Analysis): readonly string[] {
  if (baseline !== 'previous') return [];
  return [
    'Held against the release before, at another time: what changed meanwhile for everybody counts as a difference, and the promised rate of false alarms does not hold.',
  ];
}

function countedRemarks(analysis: Analysis): readonly string[] {
  const counted = analysis.metrics.filter((metric) => !metric.dryRun);
  if (counted.length === 0) {
    return ['Every metric is a dry run: nothing will be judged.'];
  }
  if (counted.length <= 12) return [];
  return [
    `${counted.length} metrics share the promised chance of a false alarm: each sees less. A dozen telling ones do better.`,
  ];
}

function detections(
  question: LintQuestion,
  expected: ExpectedTraffic,
  step: LintQuestion['steps'][number],
  needed: (metric: Metric) => number,
): LintReport['detection'] {
  const { analysis, weight } = question;
  return analysis.metrics.flatMap((metric) =>
    rises.map((rise) => ({
      metric: metric.name,
      rise,
      seconds: secondsToSee({
        metric,
        minimum: analysis.minimum,
        expected,
        weight,
        rise,
        needed: needed(metric),
        intervalSeconds: Math.max(analysis.step ?? step.everySeconds, remembers(metric)),
        withinSeconds: step.seconds,
      }),
    })),
  );
}
