import type { Analysis } from '#core/analysis/metric.ts';
import { isSameMetric, labelOf } from '#core/analysis/metric-label.ts';
import { intervalPicture } from '#core/analysis/picture.ts';
import type { MetricVerdict } from '#core/analysis/verdict.ts';
import { decidingFirst } from '#core/analysis/worst-first.ts';
import type { Block, Chart, Series, View } from '#core/message.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { subjectOf, toneOf } from './standing.ts';
import { explanations, scaleOf, verdictTable } from './verdict-table.ts';

/** Points per series that every platform can draw (Slack's native charts take 20). */
const pointsMax = 20;

type Look = RolloutState['looks'][number];

/**
 * The live metrics of a rollout, in its thread: a chart per metric of stable against candidate, in the
 * same order until one of them decides (it then comes first: some platforms draw only one), and the
 * numbers of the last look, the worst first. Null before the first look.
 * `analysis` supplies units and limits; null draws plain numbers.
 */
export function metricsView(state: RolloutState, analysis: Analysis | null): View | null {
  const last = state.looks.at(-1);
  if (last === undefined) return null;
  const looks = state.looks.filter((look) => look.step === last.step);
  return {
    tone: toneOf(state),
    title: `Metrics of ${subjectOf(state)}`,
    summary: last.judgement.summary,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: last.judgement.summary }] },
      ...decidingFirst(last.judgement).flatMap((metric) => chart(metric, looks, state, analysis)),
      verdictTable(last.judgement, analysis),
      ...[intervalPicture(last.judgement)].filter((block) => block !== null),
      ...explanations(last.judgement),
      {
        kind: 'note',
        line: [`Look ${last.judgement.look}, `, { kind: 'time', at: last.at, as: 'relative' }],
      },
    ],
  };
}

function chart(
  metric: MetricVerdict,
  looks: readonly Look[],
  state: RolloutState,
  analysis: Analysis | null,
): readonly Block[] {
  const scale = scaleOf(metric.metric, analysis);
  const limit = analysis?.metrics.find(({ name }) => name === metric.metric)?.limit;
  const side = (name: string, of: 'stable' | 'candidate'): Series => ({
    name,
    side: of,
    points: thinned(
      looks.flatMap((look) => {
        const value = look.judgement.metrics.find((one) => isSameMetric(one, metric))?.[of].value;
        return value === null || value === undefined
          ? []
          : [{ at: look.at, value: value * scale.factor }];
      }),
    ),
  });
  const series = [
    side(state.plan?.previous?.version ?? 'stable', 'stable'),
    side(state.artifact.version, 'candidate'),
  ].filter(({ points }) => points.length > 0);
  if (series.every(({ points }) => points.length < 2)) return [];
  const drawn: Chart = {
    title: labelOf(metric),
    unit: scale.unit,
    series,
    ...(limit === undefined ? {} : { limit: { label: 'limit', value: limit * scale.factor } }),
  };
  return [{ kind: 'chart', chart: drawn }];
}

/** At most `pointsMax` points: evenly chosen, the newest always among them. */
function thinned<T>(points: readonly T[]): readonly T[] {
  if (points.length <= pointsMax) return points;
  const stride = (points.length - 1) / (pointsMax - 1);
  return Array.from({ length: pointsMax }, (_, index) => points[Math.round(index * stride)]).filter(
    (point) => point !== undefined,
  );
}
