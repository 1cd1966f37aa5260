import type { Chart } from '#core/message.ts';
import type { Week } from './by-week.ts';

/** Deployments and failed ones by week: the one picture of the figures. Weeks are named by days of `zone`. */
export function chartOfWeeks(weeks: readonly Week[], zone: string): Chart {
  return {
    title: 'Production deployments by week',
    unit: 'count',
    days: { zone },
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
