import { formatDuration } from '#core/duration.ts';
import type { ExpectedTraffic } from './expected-traffic.ts';
import { priceOfWhole } from './late-starts.ts';
import { floorRemarks } from './lint-floors.ts';
import { fewestPoints, secondsToSee } from './lint-power.ts';
import { queryRemarks } from './lint-query.ts';
import type { Analysis, Metric } from './metric.ts';
import { remembers } from './query-range.ts';
import { evidenceNeeded, spending } from './spending.ts';
import { sharedAlpha } from './together.ts';

/** One analysis step: each is judged by its own samples. */
export interface LintStep {
  readonly seconds: number;
  readonly everySeconds: number;
  /** Share of the traffic on the candidate, from 0 to 1. */
  readonly weight: number;
}

/** What is known before a release about how it will be watched. */
export interface LintQuestion {
  readonly analysis: Analysis;
  /** Targets that are judged together; one when absent. */
  readonly together?: number;
  /** The analysis steps of the plan, in order. */
  readonly steps: readonly LintStep[];
  readonly releasesPerMonth: number;
  /** What stable is expected to show, by metric; those that are missing nobody knows. */
  readonly expected: ReadonlyMap<string, ExpectedTraffic>;
}

export interface LintReport {
  /** One plain sentence each; empty when the analysis is sound. */
  readonly remarks: readonly string[];
  /** Expected false alarms in a month of harmless releases; the promise is an upper limit. */
  readonly falseAlarmsPerMonth: number;
  /** Expected time of watching until harm of so much is seen, by metric; null when in no step. */
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
  const alpha = sharedAlpha(analysis, question.together ?? 1);
  const spent = spending({ ...analysis, alpha }, new Map());
  const needed = (metric: Metric): number =>
    evidenceNeeded(metric, spent.get(metric.name) ?? 1) + priceOfWhole;
  return {
    remarks: [
      ...analysis.metrics.flatMap((metric) => [
        ...queryRemarks(metric, stepOf(question)),
        ...floorRemarks(metric),
        ...(first === null ? [] : reachRemarks(analysis, metric, first, needed(metric))),
        ...starvedRemarks(question, metric),
      ]),
      ...countedRemarks(analysis),
      ...baselineRemarks(question),
    ],
    falseAlarmsPerMonth: question.releasesPerMonth * Math.min(1, analysis.alpha * steps.length),
    detection: detections(question, needed),
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

function baselineRemarks({ analysis, steps }: LintQuestion): readonly string[] {
  if (analysis.baseline !== 'previous') {
    if (steps.every(({ weight }) => weight < 1)) return [];
    return [
      'Under all of the traffic nothing serves beside the candidate: it is held against what stable showed just before the switch, what changed since for everybody counts as a difference, and the promised rate of false alarms does not hold there.',
    ];
  }
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

/** Whether the requests of the steps suffice for anything to be said. */
function starvedRemarks(
  { analysis, expected, steps }: LintQuestion,
  metric: Metric,
): readonly string[] {
  const traffic = expected.get(metric.name);
  if (metric.type !== 'ratio' && metric.type !== 'histogram') return [];
  if (traffic === undefined || steps.length === 0) return [];
  const most = Math.max(
    ...steps.map(({ seconds, weight }) => {
      const share = weight < 1 ? Math.min(weight, 1 - weight) : 1;
      return traffic.requestsPerSecond * share * seconds;
    }),
  );
  if (most >= analysis.minimum.requests) return [];
  return [
    `${metric.name} will have too few data in every step: about ${Math.floor(most)} requests on the smaller side at the traffic of now, and ${analysis.minimum.requests} are needed before anything is said. The release will pause. Lengthen the steps or lower minimum.requests.`,
  ];
}

function detections(
  question: LintQuestion,
  needed: (metric: Metric) => number,
): LintReport['detection'] {
  return question.analysis.metrics.flatMap((metric) => {
    const expected = question.expected.get(metric.name);
    if (expected === undefined) return [];
    return rises.map((rise) => ({
      metric: metric.name,
      rise,
      seconds: watchedUntilSeen(question, metric, expected, rise, needed(metric)),
    }));
  });
}

/** Step after step, each judged by itself, as far as the first in which the rise shows. */
function watchedUntilSeen(
  { analysis, steps }: LintQuestion,
  metric: Metric,
  expected: ExpectedTraffic,
  rise: number,
  needed: number,
): number | null {
  let before = 0;
  for (const { seconds, everySeconds, weight } of steps) {
    const seen = secondsToSee({
      metric,
      minimum: analysis.minimum,
      expected,
      weight,
      rise,
      needed,
      intervalSeconds: Math.max(analysis.step ?? everySeconds, remembers(metric)),
      withinSeconds: seconds,
    });
    if (seen !== null) return before + seen;
    before += seconds;
  }
  return null;
}
