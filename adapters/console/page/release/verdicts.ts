import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import type { Release } from '#adapters/console/wire.ts';
import type { Metric } from '#core/analysis/metric.ts';
import type { Judgement, MetricVerdict } from '#core/analysis/verdict.ts';
import { type Scale, scaleOf, worstFirst } from '#core/cards/verdict-table.ts';
import type { Tone } from '#core/message.ts';
import { formatChange, formatQuantity } from '#core/quantity.ts';

const words: Readonly<Record<MetricVerdict['verdict'], readonly [string, Tone]>> = {
  better: ['Better', 'success'],
  same: ['No worse', 'success'],
  unclear: ['Not clear', 'warning'],
  worse: ['Worse', 'danger'],
  too_few_data: ['Too few data', 'neutral'],
  unusable: ['Unusable', 'warning'],
  not_evaluated: ['Not judged', 'neutral'],
};

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
  const [word, tone] = words[verdict.verdict];
  const { stable, candidate } = verdict;
  return html`<tr key=${verdict.metric}>
    <th scope="row">${verdict.metric}${verdict.critical ? html`<span class="of">critical</span>` : null}</th>
    <td><span class="verdict" data-tone=${verdict.limitCrossed ? 'danger' : tone} title=${verdict.explanation}>${verdict.limitCrossed ? 'Over limit' : word}</span></td>
    <td data-align="right">${shown(stable.value, scale)}${sizeOf(stable)}</td>
    <td data-align="right">${shown(candidate.value, scale)}${sizeOf(candidate)}</td>
    <td data-align="right">${verdict.relative === null ? '–' : formatChange(verdict.relative)}</td>
    <td><${Interval} verdict=${verdict} metric=${metric} scale=${scale} /></td>
  </tr>`;
}

/** On how much a value rests. */
function sizeOf({ requests, points }: MetricVerdict['stable']): VNode {
  const words =
    requests === null ? `${points} points` : `${formatQuantity(requests, 'count')} requests`;
  return html`<span class="of">${words}</span>`;
}

const width = 132;
const middle = width / 2;

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
    return html`<span class="quiet">too few data</span>`;
  }
  const relative = Math.abs(stable.value ?? 0) * (metric?.floor.relative ?? 0);
  const floor = verdict.detail?.floor.effect ?? Math.max(relative, metric?.floor.absolute ?? 0);
  const ends = [low, high, estimate].map((end) => Math.abs(end ?? 0));
  const reach = Math.max(...ends, floor) * 1.12 || 1;
  const x = (value: number): string => (middle + (value / reach) * middle).toFixed(1);
  const bad = metric?.bad === 'down' ? -floor : floor;
  const inWords = `${end(low, scale)} to ${end(high, scale)}, floor ${shown(floor, scale)}`;
  return html`<svg class="interval" viewBox=${`0 0 ${width} 18`} role="img" aria-label=${inWords}>
    <title>${inWords}</title>
    <path class="interval-axis" d=${`M0 9H${width}`} />
    <path class="interval-nought" d=${`M${middle} 3V15`} />
    ${floor === 0 ? null : html`<path class="interval-floor" d=${`M${x(bad)} 1V17`} />`}
    <path class="interval-bar" d=${`M${x(low ?? -reach)} 9H${x(high ?? reach)}`} />
    <circle cx=${x(estimate)} cy="9" r="3" />
  </svg>`;
}

function shown(value: number | null, scale: Scale): string {
  return value === null ? '–' : formatQuantity(value * scale.factor, scale.unit);
}

function end(value: number | null, scale: Scale): string {
  return value === null ? 'open' : shown(value, scale);
}
