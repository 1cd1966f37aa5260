import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { IntervalBar } from '#adapters/console/page/view/interval.ts';
import type { Release } from '#adapters/console/wire.ts';
import { explainMetric } from '#core/analysis/explained-metric.ts';
import type { Metric } from '#core/analysis/metric.ts';
import { labelOf } from '#core/analysis/metric-label.ts';
import type { Judgement, MetricVerdict } from '#core/analysis/verdict.ts';
import { wordOfVerdict } from '#core/analysis/verdict-word.ts';
import { worstFirst } from '#core/analysis/worst-first.ts';
import { type Scale, scaleOf } from '#core/cards/verdict-table.ts';
import { formatChange, formatQuantity } from '#core/quantity.ts';

interface TableProps {
  readonly judgement: Judgement;
  readonly analysis: Release['analysis'];
}

/** The verdict of each metric with its numbers, and its interval against the floors. */
export function VerdictTable({ judgement, analysis }: TableProps): VNode {
  return html`<div class="table-scroll" role="region" aria-label="Verdicts" tabindex="0"><table class="verdicts">
    <thead><tr><th scope="col">Metric</th><th scope="col">Verdict</th><th scope="col" data-align="right">Stable</th><th scope="col" data-align="right">Candidate</th><th scope="col" data-align="right">Change</th><th scope="col">Interval</th></tr></thead>
    <tbody>${worstFirst(judgement.metrics).map((verdict) => row(verdict, analysis))}</tbody>
  </table></div>`;
}

function row(verdict: MetricVerdict, analysis: Release['analysis']): VNode {
  const scale = scaleOf(verdict.metric, analysis);
  const metric = analysis?.metrics.find(({ name }) => name === verdict.metric) ?? null;
  const { word, tone } = wordOfVerdict(verdict);
  const { stable, candidate } = verdict;
  return html`<tr key=${labelOf(verdict)}>
    <th scope="row">${labelOf(verdict)}${verdict.critical ? html`<span class="of">critical</span>` : null}</th>
    <td><span class="verdict" data-tone=${tone} title=${verdict.explanation}>${word}</span></td>
    <td data-align="right" data-label="Stable">${shown(stable.value, scale)}${sizeOf(stable)}</td>
    <td data-align="right" data-label="Candidate">${shown(candidate.value, scale)}${sizeOf(candidate)}</td>
    <td data-align="right" data-label="Change">${verdict.relative === null ? '–' : formatChange(verdict.relative)}</td>
    <td><${Interval} verdict=${verdict} metric=${metric} scale=${scale} /></td>
  </tr>`;
}

/** On how much a value rests. */
function sizeOf({ requests, points }: MetricVerdict['stable']): VNode {
  const words =
    requests === null ? `${points} points` : `${formatQuantity(requests, 'count')} requests`;
  return html`<span class="of">${words}</span>`;
}

/** The interval of the difference, valid at every look, against nought and against the floor. */
function Interval({
  verdict,
  metric,
  scale,
}: {
  readonly verdict: MetricVerdict;
  readonly metric: Metric | null;
  readonly scale: Scale;
}): VNode | null {
  const { low, high, estimate, stable } = verdict;
  if (estimate === null || (low === null && high === null)) {
    return html`<span class="quiet">${verdict.verdict === 'not_evaluated' ? 'not compared' : 'too few data'}</span>`;
  }
  const relative = Math.abs(stable.value ?? 0) * (metric?.floor.relative ?? 0);
  const floor = verdict.detail?.floor.effect ?? Math.max(relative, metric?.floor.absolute ?? 0);
  const ends = [low, high, estimate].map((end) => Math.abs(end ?? 0));
  const edge = Math.max(...ends, floor) * 1.12 || 1;
  const bad = verdict.detail?.bad ?? metric?.bad ?? 'up';
  const words = `${end(low, scale)} to ${end(high, scale)}, floor ${shown(floor, scale)}`;
  const { interval } = explainMetric(verdict);
  return html`<span class="interval-words" aria-hidden="true">${interval === '–' ? null : interval}</span><${IntervalBar} low=${low} high=${high} estimate=${estimate} floor=${floor} bad=${bad} edge=${edge} words=${words} />`;
}

function shown(value: number | null, scale: Scale): string {
  return value === null ? '–' : formatQuantity(value * scale.factor, scale.unit);
}

function end(value: number | null, scale: Scale): string {
  return value === null ? 'open' : shown(value, scale);
}
