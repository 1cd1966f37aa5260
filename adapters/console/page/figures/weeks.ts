import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Bars } from '#adapters/console/page/view/bars.ts';
import type { Figures } from '#adapters/console/wire.ts';
import type { Chart } from '#core/message.ts';

/** Production deployments by week, the failed ones marked. */
export function Weeks({ figures }: { readonly figures: Figures }): VNode {
  const { weeks, zone } = figures;
  const chart: Chart = {
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
    days: { zone },
  };
  return html`<${Bars} chart=${chart} />`;
}
