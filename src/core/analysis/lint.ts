import { formatDuration } from '#core/duration.ts';
import type { ExpectedTraffic } from './expected-traffic.ts';
import { blindRemarks } from './lint-blind.ts';
import { floorRemarks } from './lint-floors.ts';
import { fewestPoints, secondsUntilSeen, type Watch } from './lint-power.ts';
import { queryRemarks } from './lint-query.ts';
import type { Analysis, Metric } from './metric.ts';
import { remembers } from './query-range.ts';
import { evidenceNeeded, spending } from './spending.ts';
import { carriesOver, pricesOf } from './stages.ts';
import { sharedAlpha } from './together.ts';

/** One analysis step. */
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
  const alpha = sharedAlpha(analysis, question.together ?? 1);
  const spent = spending({ ...analysis, alpha }, new Map());
  const spans = watchedTogether(question);
  const stages = Math.max(1, ...spans.map((span) => span.length));
  const price = pricesOf({ began: [0], planned: stages }).whole;
  const needed = (metric: Metric): number =>
    evidenceNeeded(metric, spent.get(metric.name) ?? 1) + price;
  const watch = (metric: Metric): Watch | null => {
    const expected = question.expected.get(metric.name);
    if (expected === undefined || steps.length === 0) return null;
    return { analysis, metric, expected, spans, needed: needed(metric) };
  };
  return {
    remarks: [
      ...analysis.metrics.flatMap((metric) => [
        ...queryRemarks(metric, stepOf(question)),
        ...floorRemarks(metric),
        ...firstOf(
          () => reachRemarks(analysis, metric, spans, needed(metric)),
          () => starvedRemarks(question, metric, spans),
          () => blindRemarks(watch(metric)),
        ),
      ]),
      ...countedRemarks(analysis),
      ...baselineRemarks(question),
    ],
    falseAlarmsPerMonth: question.releasesPerMonth * Math.min(1, analysis.alpha * spans.length),
    detection: analysis.metrics.flatMap((metric) => detections(watch(metric))),
  };
}

/** The remarks of the first that has any: the plainest reason says it all. */
function firstOf(...looks: readonly (() => readonly string[])[]): readonly string[] {
  for (const look of looks) {
    const remarks = look();
    if (remarks.length > 0) return remarks;
  }
  return [];
}

/** Steps that are judged as one: all of them, or each for itself. */
function watchedTogether({ analysis, steps }: LintQuestion): readonly (readonly LintStep[])[] {
  if (steps.length === 0) return [];
  return carriesOver(analysis) ? [steps] : steps.map((step) => [step]);
}

function secondsOf(span: readonly LintStep[]): number {
  return span.reduce((sum, { seconds }) => sum + seconds, 0);
}

function stepOf({ analysis, steps }: LintQuestion): number {
  return analysis.step ?? steps[0]?.everySeconds ?? analysis.every;
}

/** Whether the first steps are long enough for the metric to be called worse at all. */
function reachRemarks(
  analysis: Analysis,
  metric: Metric,
  spans: readonly (readonly LintStep[])[],
  needed: number,
): readonly string[] {
  const [first, ...rest] = spans[0] ?? [];
  if (first === undefined) return [];
  if (metric.type !== 'gauge' && metric.type !== 'latency') return [];
  const interval = Math.max(analysis.step ?? first.everySeconds, remembers(metric));
  const seconds = secondsOf([first, ...rest]);
  const points = Math.floor(seconds / interval);
  const fewest = Math.max(analysis.minimum.points, fewestPoints(needed));
  if (points >= fewest) return [];
  return [
    `${metric.name} can never be called worse in ${formatDuration(seconds)}: it takes ${fewest} points, one per ${formatDuration(interval)}, and there will be ${points}. Lengthen the step, shorten the interval, or use counts or histograms.`,
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
  { analysis, expected }: LintQuestion,
  metric: Metric,
  spans: readonly (readonly LintStep[])[],
): readonly string[] {
  const traffic = expected.get(metric.name);
  if (metric.type !== 'ratio' && metric.type !== 'histogram') return [];
  if (traffic === undefined || spans.length === 0) return [];
  const most = Math.max(
    ...spans.map((span) =>
      span.reduce((sum, { seconds, weight }) => {
        const share = weight < 1 ? Math.min(weight, 1 - weight) : 1;
        return sum + traffic.requestsPerSecond * share * seconds;
      }, 0),
    ),
  );
  if (most >= analysis.minimum.requests) return [];
  return [
    `${metric.name} will have too few data: about ${Math.floor(most)} requests on the smaller side at the traffic of now, and ${analysis.minimum.requests} are needed before anything is said. The release will pause. Lengthen the steps or lower minimum.requests.`,
  ];
}

function detections(watch: Watch | null): LintReport['detection'] {
  if (watch === null) return [];
  return rises.map((rise) => ({
    metric: watch.metric.name,
    rise,
    seconds: secondsUntilSeen(watch, rise),
  }));
}
