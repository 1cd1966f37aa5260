import type { VNode } from 'preact';
import { dayOfYear } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import type { Figures } from '#adapters/console/wire.ts';

/** Production deployments by week, the failed ones marked. */
export function Weeks({ weeks }: { readonly weeks: Figures['weeks'] }): VNode {
  const top = Math.max(1, ...weeks.map(({ reached, failed }) => Math.max(reached, failed)));
  const height = (count: number) => ({ height: `${(count / top) * 100}%` });
  return html`<figure class="weeks">
    <figcaption><span class="chart-title">Production deployments by week</span>
      <span class="legend"><span class="legend-entry"><i class="week-reached"></i>reached 100 %</span><span class="legend-entry"><i class="week-failed"></i>failed</span></span></figcaption>
    <ol class="weeks-plot">${weeks.map(({ from, reached, failed }) => {
      const words = `Week of ${dayOfYear(from)}: ${reached} reached 100 %, ${failed} failed`;
      return html`<li key=${from} title=${words}>
        <span class="visually-hidden">${words}</span>
        <span class="week-bars" aria-hidden="true"><i class="week-reached" style=${height(reached)}></i><i class="week-failed" style=${height(failed)}></i></span>
        <span class="week-day" aria-hidden="true">${dayOfYear(from)}</span>
      </li>`;
    })}</ol>
    <span class="axis axis-top" aria-hidden="true">${top}</span>
  </figure>`;
}
