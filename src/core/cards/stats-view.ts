import { formatDuration } from '#core/duration.ts';
import { deploymentsByWeek } from '#core/figures/by-week.ts';
import { chartOfWeeks } from '#core/figures/chart-of-weeks.ts';
import type { Figure } from '#core/figures/figure.ts';
import {
  type FigureName,
  type FigureQuestion,
  figureMeanings,
  figuresOf,
} from '#core/figures/figures.ts';
import { previousWindow, type Trend, trendOf } from '#core/figures/trend.ts';
import { frequencyWord } from '#core/figures/weeks.ts';
import type { Chart, Line, View } from '#core/message.ts';
import { formatQuantity } from '#core/quantity.ts';

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

/**
 * The figures of a window with their trend against the one before, and a picture by weeks. Those
 * that rest on nothing are left out, and so is the window before where nothing was measured in it.
 */
export function statsView(question: FigureQuestion, what: string): View {
  const now = figuresOf(question);
  const before = figuresOf({ ...question, window: previousWindow(question.window) });
  const days = Math.round((question.window.to - question.window.from) / 86_400_000);
  const title = `Figures of ${what}, last ${days} days`;
  const named = namedFigures.filter(([name]) => isMeasured(now[name]) || isMeasured(before[name]));
  if (named.length === 0) {
    const said = 'Nothing to measure: nothing was released in this time.';
    const line = [{ kind: 'strong', text: said } as const];
    return { tone: 'neutral', title, summary: said, blocks: [{ kind: 'text', line }] };
  }
  const compares = named.some(([name]) => isMeasured(before[name]));
  const { deployments, changeFailRate } = now;
  return {
    tone: 'neutral',
    title,
    summary: `${title}: ${figureWords('deployments', deployments)} deployments, change fail rate ${figureWords('changeFailRate', changeFailRate)}`,
    blocks: [
      {
        kind: 'table',
        columns: [
          { label: 'Figure' },
          { label: 'Now', align: 'right' },
          ...(compares ? [{ label: 'Before', align: 'right' } as const, { label: 'Trend' }] : []),
        ],
        rows: named.map(([name, label]): readonly Line[] => [
          [label],
          [withCount(name, now[name])],
          ...(compares
            ? [
                [withCount(name, before[name])],
                [trendWords(trendOf(name, now[name], before[name]))],
              ]
            : []),
        ]),
      },
      ...(deployments.n === 0 && now.caughtInCanary.n === 0
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

function isMeasured({ value, n }: Figure): boolean {
  return value !== null && n > 0;
}

/** A figure in words: `3h 10m`, `4 %`, `weekly, 2 days`; a dash where there is nothing to measure. */
export function figureWords(name: FigureName, { value, n }: Figure): string {
  if (value === null) return '–';
  switch (figureMeanings[name][0]) {
    case 'seconds':
      return formatDuration(value);
    case 'share':
      return shareWords(value);
    case 'perWeek': {
      if (n === 0) return 'none';
      if (value < 1) return frequencyWord(value);
      const days = Math.round(value * 10) / 10;
      return `${frequencyWord(value)}, ${days} ${days === 1 ? 'day' : 'days'} a week`;
    }
    case 'count':
      return formatQuantity(value, 'count');
  }
}

/** A small share is not none, and a large one not all. */
function shareWords(share: number): string {
  if (share > 0 && share < 0.001) return 'under 0.1 %';
  if (share < 1 && share > 0.999) return 'over 99.9 %';
  return `${Math.round(share * 1000) / 10} %`;
}

/** A trend in a word with an arrow that does not need colour. */
export function trendWords(trend: Trend): string {
  const words = {
    better: '▲ better',
    worse: '▼ worse',
    more: 'more',
    less: 'less',
    same: '= same',
    unknown: '',
  } as const;
  return words[trend];
}

function withCount(name: FigureName, figure: Figure): string {
  const words = figureWords(name, figure);
  return figureMeanings[name][0] === 'count' || figure.value === null
    ? words
    : `${words} (${figure.n})`;
}

/** Deployments and failed ones by week, as the question wants them. */
export function weeksChart(question: FigureQuestion): Chart {
  return chartOfWeeks(deploymentsByWeek(question), question.rules.zone);
}
