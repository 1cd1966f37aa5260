import type { VNode } from 'preact';
import { dayOfYear } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import type { Chart, Series } from '#core/message.ts';
import { formatQuantity } from '#core/quantity.ts';

/** What stands out over stretches of days is what went wrong: a colour for each side. */
const colours: Readonly<Record<Series['side'], string>> = {
  stable: 'week-reached',
  candidate: 'week-failed',
  baseline: 'week-reached',
  other: 'week-reached',
};

/** A chart of stretches of days, each named by its first: bars side by side, and the same in words. */
export function Bars({ chart }: { readonly chart: Chart }): VNode {
  const { title, series, unit, days } = chart;
  const top = Math.max(1, ...series.flatMap(({ points }) => points.map(({ value }) => value)));
  const times = [...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))];
  return html`<figure class="weeks">
    <figcaption><span class="chart-title">${title}</span>
      <span class="legend">${series.map(
        ({ name, side }) =>
          html`<span class="legend-entry" key=${name}><i class=${colours[side]}></i>${name}</span>`,
      )}</span></figcaption>
    <ol class="weeks-plot">${times
      .toSorted((a, b) => a - b)
      .map((at) => {
        const day = dayOfYear(at, days?.zone);
        const here = series.map(({ name, side, points }) => ({
          name,
          side,
          value: points.find((point) => point.at === at)?.value ?? 0,
        }));
        const words = `From ${day}: ${here.map(({ name, value }) => `${formatQuantity(value, unit)} ${name}`).join(', ')}`;
        return html`<li key=${at} title=${words}>
          <span class="visually-hidden">${words}</span>
          <span class="week-bars" aria-hidden="true">${here.map(
            ({ name, side, value }) =>
              html`<i key=${name} class=${colours[side]} style=${{ height: `${(value / top) * 100}%` }}></i>`,
          )}</span>
          <span class="week-day" aria-hidden="true">${day}</span>
        </li>`;
      })}</ol>
    <span class="axis axis-top" aria-hidden="true">${formatQuantity(top, unit)}</span>
  </figure>`;
}
