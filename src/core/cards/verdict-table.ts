import type { Analysis, Metric } from '#core/analysis/metric.ts';
import { labelOf } from '#core/analysis/metric-label.ts';
import type { Judgement, MetricVerdict } from '#core/analysis/verdict.ts';
import { wordOfVerdict } from '#core/analysis/verdict-word.ts';
import { worstFirst } from '#core/analysis/worst-first.ts';
import type { Block, Line } from '#core/message.ts';
import { formatChange, formatQuantity, type Unit } from '#core/quantity.ts';

/** How a metric's numbers are shown: fractions become per cent. */
export interface Scale {
  readonly unit: Unit;
  readonly factor: number;
}

/** The scale of a metric of an analysis; plain numbers when it is not known. */
export function scaleOf(name: string, analysis: Analysis | null): Scale {
  const metric = analysis?.metrics.find((candidate) => candidate.name === name);
  return metric === undefined ? { unit: 'number', factor: 1 } : scaleOfMetric(metric);
}

function scaleOfMetric(metric: Metric): Scale {
  return metric.type === 'ratio'
    ? { unit: 'percent', factor: 100 }
    : { unit: metric.unit, factor: 1 };
}

/** The numbers behind one look: a row per metric, the worst first. */
export function verdictTable(judgement: Judgement, analysis: Analysis | null): Block {
  return {
    kind: 'table',
    columns: [
      { label: 'Metric' },
      { label: 'Stable', align: 'right' },
      { label: 'Candidate', align: 'right' },
      { label: 'Change', align: 'right' },
      { label: 'Verdict' },
    ],
    rows: worstFirst(judgement.metrics).map((verdict) =>
      row(verdict, scaleOf(verdict.metric, analysis)),
    ),
  };
}

/** What a metric came to, in a word or two; harm in capitals. */
export function verdictWord(metric: MetricVerdict): string {
  const { word, tone } = wordOfVerdict(metric);
  return tone === 'danger' ? word.toUpperCase() : word;
}

/** The scale of a verdict by what it says of its own metric. */
export function scaleOfVerdict({ detail }: MetricVerdict): Scale {
  if (detail === undefined) return { unit: 'number', factor: 1 };
  return detail.type === 'ratio'
    ? { unit: 'percent', factor: 100 }
    : { unit: detail.unit, factor: 1 };
}

function row(verdict: MetricVerdict, scale: Scale): readonly Line[] {
  const word = verdictWord(verdict);
  const strong = verdict.limitCrossed || verdict.verdict === 'worse';
  return [
    [verdict.critical ? `${labelOf(verdict)} (critical)` : labelOf(verdict)],
    [shownValue(verdict.stable.value, scale)],
    [shownValue(verdict.candidate.value, scale)],
    [verdict.relative === null ? '–' : formatChange(verdict.relative)],
    [strong ? { kind: 'strong', text: word } : verdict.dryRun ? `${word} (not counted)` : word],
  ];
}

/** A measured value as people read it; a dash where there is none. */
export function shownValue(value: number | null, scale: Scale): string {
  return value === null ? '–' : formatQuantity(value * scale.factor, scale.unit);
}

/** What the metrics say that matter most now, in words: at most three lines. */
export function explanations(judgement: Judgement): readonly Block[] {
  return worstFirst(judgement.metrics)
    .filter(
      ({ verdict, limitCrossed }) =>
        limitCrossed || verdict === 'worse' || verdict === 'unclear' || verdict === 'unusable',
    )
    .slice(0, 3)
    .map((metric) => ({ kind: 'text', line: [`${labelOf(metric)}: ${metric.explanation}`] }));
}
