import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { exactTime } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import type { Chart as ChartData, Series } from '#core/message.ts';
import { formatQuantity } from '#core/quantity.ts';

const width = 600;
const height = 120;

/** From when on the candidate had this share of the traffic. */
export interface Stage {
  readonly at: number;
  readonly label: string;
}

interface Scale {
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
  readonly top: number;
  /** Null when there is none, or it is too far away to be drawn. */
  readonly limit: number | null;
  readonly bottom: number;
}

/**
 * Lines of stable and candidate over time, with the limit. The drawing stretches to its place and
 * its words are HTML, so that text keeps its size; the numbers are in a table for screen readers.
 */
export function Chart({
  chart,
  stages = [],
}: {
  readonly chart: ChartData;
  readonly stages?: readonly Stage[];
}): VNode {
  const pointed = useSignal<number | null>(null);
  const scale = scaleOf(chart);
  const times = [...new Set(chart.series.flatMap(({ points }) => points.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const at = pointed.value === null ? null : nearest(times, scale, pointed.value);

  function point(event: PointerEvent): void {
    if (!(event.currentTarget instanceof Element)) return;
    const box = event.currentTarget.getBoundingClientRect();
    pointed.value = ((event.clientX - box.left) / box.width) * width;
  }

  return html`<figure class="chart">
    <figcaption>
      <span class="chart-title">${chart.title}</span>
      <span class="legend">${chart.series.map((series) => legend(series, chart, at))}</span>
    </figcaption>
    <div class="plot" onPointerMove=${point} onPointerLeave=${() => {
      pointed.value = null;
    }}>
      <svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label=${spoken(chart)}>
        ${[0.25, 0.5, 0.75].map((share) => html`<path class="grid" d="M0 ${height * share}H${width}" />`)}
        ${stages.map(({ at: begins }) => html`<path class="stage" d=${`M${scale.x(begins).toFixed(1)} 0V${height}`} />`)}
        ${scale.limit === null ? null : html`<path class="limit" d=${`M0 ${scale.y(scale.limit).toFixed(1)}H${width}`} />`}
        ${chart.series.map((series) => html`<path class="under" data-side=${series.side} d=${`${path(series, scale)}L${width} ${height}L0 ${height}Z`} />`)}
        ${chart.series.map((series) => html`<path class="series" data-side=${series.side} d=${path(series, scale)} />`)}
        ${at === null ? null : html`<path class="pointer" d="M${scale.x(at).toFixed(1)} 0V${height}" />`}
      </svg>
      ${stages.map(({ at: begins, label }) => html`<span class="axis axis-stage" key=${begins} style=${{ left: `${(scale.x(begins) / width) * 100}%` }}>${label}</span>`)}
      <span class="axis axis-top">${formatQuantity(scale.top, chart.unit)}</span>
      <span class="axis axis-bottom">${formatQuantity(scale.bottom, chart.unit)}</span>
      ${
        scale.limit === null
          ? null
          : html`<span class="axis axis-limit" style=${{ top: `${(scale.y(scale.limit) / height) * 100}%` }}>${chart.limit?.label} ${formatQuantity(scale.limit, chart.unit)}</span>`
      }
    </div>
    <div class="chart-times"><span>${timeAt(times[0])}</span><span>${timeAt(at ?? times.at(-1))}</span></div>
    <div class="visually-hidden"><table><caption>${chart.title}</caption>
      <tbody>${chart.series.map(
        (series) =>
          html`<tr><th scope="row">${series.name}</th>${series.points.map(({ value }) => html`<td>${formatQuantity(value, chart.unit)}</td>`)}</tr>`,
      )}</tbody>
    </table></div>
  </figure>`;
}

function legend(series: Series, chart: ChartData, at: number | null): VNode {
  const shown = series.points.find((point) => point.at === at) ?? series.points.at(-1);
  const value = shown === undefined ? '–' : formatQuantity(shown.value, chart.unit);
  return html`<span class="legend-entry" data-side=${series.side}><i></i>${series.name} <b>${value}</b></span>`;
}

/** From nought, so that noise looks like noise; up to the limit only where that is near. */
function scaleOf({ series, limit }: ChartData): Scale {
  const values = series.flatMap(({ points }) => points.map(({ value }) => value));
  const times = series.flatMap(({ points }) => points.map(({ at }) => at));
  const near = limit !== undefined && limit.value <= Math.max(...values) * 4 ? limit.value : 0;
  const top = roundUp(Math.max(...values, near) * 1.08 || 1);
  const bottom = Math.min(...values, 0);
  const from = Math.min(...times);
  const to = Math.max(...times, from + 1);
  return {
    top,
    bottom,
    limit: near > 0 ? near : null,
    // What began before the first value stands at the edge.
    x: (at) => Math.max(0, ((at - from) / (to - from)) * width),
    y: (value) => height - ((value - bottom) / (top - bottom)) * height,
  };
}

/** The next round number: axes end where people count. */
function roundUp(value: number): number {
  const size = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((one) => one * size >= value) ?? 10;
  return Number((step * size).toPrecision(3));
}

function path({ points }: Series, scale: Scale): string {
  return points
    .map(({ at, value }, index) => {
      const command = index === 0 ? 'M' : 'L';
      return `${command}${scale.x(at).toFixed(1)} ${scale.y(value).toFixed(1)}`;
    })
    .join('');
}

function nearest(times: readonly number[], scale: Scale, x: number): number | null {
  let best: number | null = null;
  for (const at of times) {
    if (best === null || Math.abs(scale.x(at) - x) < Math.abs(scale.x(best) - x)) best = at;
  }
  return best;
}

function timeAt(at: number | null | undefined): string {
  return at === null || at === undefined ? '' : exactTime(at);
}

function spoken({ title, series, unit, limit }: ChartData): string {
  const parts = series.map(({ name, points }) => {
    const last = points.at(-1);
    return `${name} ${last === undefined ? 'no data' : formatQuantity(last.value, unit)}`;
  });
  const bound = limit === undefined ? '' : `, limit ${formatQuantity(limit.value, unit)}`;
  return `${title}: ${parts.join(', ')}${bound}`;
}
