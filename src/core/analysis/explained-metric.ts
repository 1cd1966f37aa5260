import { formatChange } from '#core/quantity.ts';
import { labelOf } from './metric-label.ts';
import type { MetricVerdict } from './verdict.ts';
import { chanceWords, countWords, differenceWords, valueWords } from './wording.ts';

/** One metric of a look, told in words and as places on a scale: a row of the table and of the picture. */
export interface ExplainedMetric {
  readonly metric: string;
  readonly verdict: MetricVerdict['verdict'];
  readonly limitCrossed: boolean;
  readonly critical: boolean;
  readonly dryRun: boolean;
  /** `1.2 % (4,200)`: the value and its requests or points; `–` without one. */
  readonly stable: string;
  readonly candidate: string;
  /** `+0.8 points`; `–` where nothing was compared. */
  readonly difference: string;
  /** `+0.3 points to +1.4 points`, valid at every look; `open` for an end that nothing bounds. */
  readonly interval: string;
  /** The smallest rise that this much data could show, as `+40 %`; `–` where none could. */
  readonly seesFrom: string;
  /** One plain sentence for people. */
  readonly explanation: string;
  /** Test, chance spent, window, what was left out: short phrases. */
  readonly notes: readonly string[];
  /** Its place in the picture; null when nothing was compared. */
  readonly bar: IntervalBar | null;
}

/**
 * An interval against its floor: as a part of stable's value, and where that is nought in the
 * metric's own unit.
 */
export interface IntervalBar {
  /** Null: open. */
  readonly low: number | null;
  readonly high: number | null;
  readonly estimate: number;
  /** A change counts beyond this, on either side. */
  readonly floor: number;
  /** The direction that is bad. */
  readonly bad: 'up' | 'down' | 'either';
  /** How far the scale reaches to either side. */
  readonly edge: number;
  /** The edge as people read it, without a sign. */
  readonly reach: string;
  /** Interval and floor as people read them. */
  readonly words: string;
}

/** How far a row reaches to either side: the smallest that holds what matters. */
const edges = [0.1, 0.2, 0.5, 1, 2, 5, 10] as const;

/** The verdict of a metric in words and as a bar. */
export function explainMetric(metric: MetricVerdict): ExplainedMetric {
  return {
    metric: labelOf(metric),
    verdict: metric.verdict,
    limitCrossed: metric.limitCrossed,
    critical: metric.critical,
    dryRun: metric.dryRun,
    stable: sideWords(metric, metric.stable),
    candidate: sideWords(metric, metric.candidate),
    difference: estimateWords(metric),
    interval: intervalWords(metric),
    seesFrom: metric.detectable === null ? '–' : formatChange(metric.detectable),
    explanation: metric.explanation,
    notes: notes(metric),
    bar: barOf(metric),
  };
}

function sideWords(metric: MetricVerdict, side: MetricVerdict['stable']): string {
  const { detail } = metric;
  if (side.value === null || detail === undefined) return '–';
  const size = side.requests === null ? `${side.points} points` : countWords(side.requests);
  return `${valueWords(detail, side.value)} (${size})`;
}

function estimateWords({ detail, estimate }: MetricVerdict): string {
  return estimate === null || detail === undefined ? '–' : differenceWords(detail, estimate);
}

function intervalWords({ detail, estimate, low, high }: MetricVerdict): string {
  if (estimate === null || detail === undefined) return '–';
  const end = (value: number | null): string =>
    value === null ? 'open' : differenceWords(detail, value);
  return `${end(low)} to ${end(high)}`;
}

function notes({ because, detail, test, leftOut }: MetricVerdict): readonly string[] {
  return [
    ...(because === null ? [] : [because]),
    ...(detail === undefined ? [] : [test, `chance spent ${detail.alpha.toPrecision(2)}`]),
    ...(detail !== undefined && detail.evidence >= Math.log(20)
      ? [`harm by chance ${chanceWords(detail.evidence)}`]
      : []),
    ...(detail !== undefined && detail.inefficiency >= 1.5
      ? [`${detail.inefficiency.toFixed(1)} points count as one, for clumps and memory`]
      : []),
    ...leftOut.map((left) => `left out: ${left}`),
  ];
}

function barOf(metric: MetricVerdict): IntervalBar | null {
  const { detail, estimate, low, high } = metric;
  const base = Math.abs(metric.stable.value ?? 0);
  if (estimate === null || detail === undefined) return null;
  const unit = base === 0 ? 1 : base;
  const bar = {
    low: low === null ? null : low / unit,
    high: high === null ? null : high / unit,
    estimate: estimate / unit,
    floor: detail.floor.effect / unit,
    bad: detail.bad,
  };
  const far = farthest(bar);
  const edge = base === 0 ? roundUp(far) : (edges.find((one) => one >= far) ?? 10);
  const say = (value: number): string =>
    base === 0 ? differenceWords(detail, value) : formatChange(value);
  const end = (value: number | null): string => (value === null ? 'open' : say(value));
  return {
    ...bar,
    edge,
    reach: base === 0 ? say(edge).slice(1) : `${Math.round(edge * 100)} %`,
    words: `${end(bar.low)} to ${end(bar.high)}, floor ${say(bar.floor)}`,
  };
}

/** The next of 1, 2, 5, 10, 20 … */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5].find((one) => one * size >= value) ?? 10;
  return Number((step * size).toPrecision(3));
}

/** What of a bar must be seen: the estimate, the floor and the nearer end of the interval. */
function farthest({
  low,
  high,
  estimate,
  floor,
}: Pick<IntervalBar, 'low' | 'high' | 'estimate' | 'floor'>): number {
  const ends = [low, high].flatMap((end) => (end === null ? [] : [Math.abs(end)]));
  const nearer = ends.length === 0 ? 0 : Math.min(...ends);
  return Math.max(Math.abs(estimate) * 1.1, floor * 1.5, nearer);
}
