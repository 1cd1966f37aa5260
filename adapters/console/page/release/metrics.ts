import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Chart, type Stage } from '#adapters/console/page/view/chart.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { Release } from '#adapters/console/wire.ts';
import { isSameMetric, labelOf } from '#core/analysis/metric-label.ts';
import type { MetricVerdict } from '#core/analysis/verdict.ts';
import { decidingFirst } from '#core/analysis/worst-first.ts';
import { toneOf } from '#core/cards/standing.ts';
import { scaleOf } from '#core/cards/verdict-table.ts';
import type { Chart as ChartData, Series } from '#core/message.ts';
import { VerdictTable } from './verdicts.ts';

interface MetricsProps {
  readonly state: Release['state'];
  readonly analysis: Release['analysis'];
}

/** What was measured: a chart of each metric over all looks, and the verdicts of the last look. */
export function Metrics({ state, analysis }: MetricsProps): VNode | null {
  const last = state.looks.at(-1);
  if (last === undefined) return null;
  const charts = decidingFirst(last.judgement)
    .map((metric) => chartOf(metric, state, analysis))
    .filter(({ series }) => series.some(({ points }) => points.length > 1));
  const stages = stagesOf(state);
  return html`<section class="part" data-tone=${toneOf(state)}>
    <h2>Metrics</h2>
    <p class="part-lead">${last.judgement.summary} <span class="quiet">Look ${last.judgement.look}, <${Time} at=${last.at} as="relative" /></span></p>
    <div class="charts charts-large">${charts.map((chart) => html`<${Chart} chart=${chart} stages=${stages} key=${chart.title} />`)}</div>
    <${VerdictTable} judgement=${last.judgement} analysis=${analysis} />
  </section>`;
}

function chartOf(
  metric: MetricVerdict,
  state: Release['state'],
  analysis: Release['analysis'],
): ChartData {
  const { unit, factor } = scaleOf(metric.metric, analysis);
  const limit = analysis?.metrics.find(({ name }) => name === metric.metric)?.limit;
  function side(name: string, of: 'stable' | 'candidate'): Series {
    const points = state.looks.flatMap(({ at, judgement }) => {
      const value = judgement.metrics.find((one) => isSameMetric(one, metric))?.[of].value;
      return value === null || value === undefined ? [] : [{ at, value: value * factor }];
    });
    return { name, side: of, points };
  }
  return {
    title: labelOf(metric),
    unit,
    series: [
      side(state.plan?.previous?.version ?? 'stable', 'stable'),
      side(state.artifact.version, 'candidate'),
    ],
    ...(limit === undefined ? {} : { limit: { label: 'limit', value: limit * factor } }),
  };
}

/** Where the looks of each step begin, by the share of the traffic that the candidate had then. */
function stagesOf({ looks, plan }: Release['state']): readonly Stage[] {
  return looks.flatMap((look, index) => {
    if (look.step === looks[index - 1]?.step) return [];
    const shift = plan?.steps.slice(0, look.step).findLast(({ kind }) => kind === 'shift');
    return shift?.kind === 'shift' ? [{ at: look.at, label: `at ${shift.weight} %` }] : [];
  });
}
