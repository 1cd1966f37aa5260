import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import type { Figures } from '#adapters/console/wire.ts';
import { figureWords, namedFigures, trendWords } from '#core/cards/stats-view.ts';
import { type FigureName, figureMeanings } from '#core/figures/figures.ts';
import { trendOf } from '#core/figures/trend.ts';

interface TileProps {
  readonly name: FigureName;
  readonly figures: Figures;
}

/** One figure: what it is now, on how much it rests, and how it moved. */
export function Tile({ name, figures }: TileProps): VNode {
  const now = figures.now[name];
  const before = figures.before[name];
  const trend = trendOf(name, now, before);
  const tone = trend === 'better' ? 'success' : trend === 'worse' ? 'warning' : 'neutral';
  const [amount, rest] = figureWords(name, now).split(', ');
  const [unit, meaning] = figureMeanings[name];
  return html`<div class="tile">
    <dt title=${meaning}>${labelOf(name)}</dt>
    <dd>
      <span class="tile-amount">${amount}</span>${rest === undefined ? null : html`<span class="tile-rest">${rest}</span>`}
      <span class="tile-trend" data-tone=${tone}>${before.value === null ? 'nothing before to compare with' : html`<b>${trendWords(trend)}</b> was ${figureWords(name, before)}`}</span>
      ${unit === 'count' || now.value === null ? null : html`<span class="tile-rests">rests on ${now.n}</span>`}
    </dd>
  </div>`;
}

function labelOf(name: FigureName): string {
  return namedFigures.find(([one]) => one === name)?.[1] ?? name;
}
