import { formatDuration } from '#core/duration.ts';
import { deploymentsByWeek } from '#core/figures/by-week.ts';
import type { Figure } from '#core/figures/figure.ts';
import {
  type FigureName,
  type FigureQuestion,
  type Figures,
  figureMeanings,
  figuresOf,
} from '#core/figures/figures.ts';
import { previousWindow, type Trend, trendOf } from '#core/figures/trend.ts';
import { frequencyWord } from '#core/figures/weeks.ts';
import type { Chart, Line, View } from '#core/message.ts';

/** The order in which people read them, with short names. */
export const namedFigures: readonly (readonly [FigureName, string])[] = [
  ['deploymentDays', 'Deployment frequency'],
  ['leadTime', 'Lead time for changes'],
  ['changeFailRate', 'Change fail rate'],
  ['recoveryTime', 'Failed deployment recovery'],
  ['reworkRate', 'Rework rate'],
  ['caughtInCanary', 'Caught in canary'],
  ['caughtBeforeTraffic', 'Caught before traffic'],
  ['approvalTime', 'Waiting for approval'],
  ['queueTime', 'Waiting to start'],
  ['rollbackTime', 'Time to roll back'],
  ['canaryPassRate', 'Canaries that passed'],
  ['promotionTime', 'Promotion to production'],
  ['rolloutSuccess', 'Rollouts that succeeded'],
  ['alertsLinked', 'Alerts linked'],
];

/** The four of DORA, for where there is little room. */
export const fourFigures = namedFigures.slice(0, 4);

/** The figures of a window with their trend against the one before, and a picture by weeks. */
export function statsView(question: FigureQuestion, what: string): View {
  const now = figuresOf(question);
  const before = figuresOf({ ...question, window: previousWindow(question.window) });
  const days = Math.round((question.window.to - question.window.from) / 86_400_000);
  const title = `Figures of ${what}, last ${days} days`;
  return {
    tone: 'neutral',
    title,
    summary: `${title}: ${now.deployments.value ?? 0} deployments, change fail rate ${figureWords('changeFailRate', now.changeFailRate)}`,
    blocks: [
      {
        kind: 'table',
        columns: [
          { label: 'Figure' },
          { label: 'Now', align: 'right' },
          { label: 'Before', align: 'right' },
          { label: 'Trend' },
        ],
        rows: namedFigures.map(([name, label]) => row(name, label, now, before)),
      },
      ...(now.deployments.n === 0 && now.caughtInCanary.n === 0
        ? []
        : [{ kind: 'chart', chart: weeksChart(question) } as const]),
      {
        kind: 'note',
        line: [
          `A deployment counts when production reached 100 %. In brackets: how many a figure rests on. Days are those of ${question.rules.zone}.`,
        ],
      },
    ],
  };
}

function row(name: FigureName, label: string, now: Figures, before: Figures): readonly Line[] {
  return [
    [label],
    [withCount(name, now[name])],
    [withCount(name, before[name])],
    [trendWords(trendOf(name, now[name], before[name]))],
  ];
}

/** A figure in words: `3h 10m`, `4 %`, `weekly, 2 days`; a dash where there is nothing to measure. */
export function figureWords(name: FigureName, { value }: Figure): string {
  if (value === null) return '–';
  switch (figureMeanings[name][0]) {
    case 'seconds':
      return formatDuration(value);
    case 'share':
      return `${Math.round(value * 1000) / 10} %`;
    case 'perWeek': {
      const days = Math.round(value * 10) / 10;
      return `${frequencyWord(value)}, ${days} ${days === 1 ? 'day' : 'days'} a week`;
    }
    case 'count':
      return String(value);
  }
}

/** A trend in a word with an arrow that does not need colour. */
export function trendWords(trend: Trend): string {
  const words = { better: '▲ better', worse: '▼ worse', same: '= same', unknown: '' } as const;
  return words[trend];
}

function withCount(name: FigureName, figure: Figure): string {
  const words = figureWords(name, figure);
  return figureMeanings[name][0] === 'count' || figure.value === null
    ? words
    : `${words} (${figure.n})`;
}

/** Deployments and failed ones by week: the one picture of the figures. */
export function weeksChart(question: FigureQuestion): Chart {
  const weeks = deploymentsByWeek(question);
  return {
    title: 'Production deployments by week',
    unit: 'count',
    series: [
      {
        name: 'reached 100 %',
        side: 'stable',
        points: weeks.map(({ from, reached }) => ({ at: from, value: reached })),
      },
      {
        name: 'failed',
        side: 'candidate',
        points: weeks.map(({ from, failed }) => ({ at: from, value: failed })),
      },
    ],
  };
}
