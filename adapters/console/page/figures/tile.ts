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

/** One figure: what it is now, how it moved, and on how much it rests. */
export function Tile({ name, figures }: TileProps): VNode {
  const now = figures.now[name];
  const before = figures.before[name];
  const trend = trendOf(name, now, before);
  const tone = trend === 'better' ? 'success' : trend === 'worse' ? 'warning' : 'neutral';
  const [amount, rest] = figureWords(name, now).split(', ');
  const [earlier] = figureWords(name, before).split(', ');
  const [unit, meaning] = figureMeanings[name];
  return html`<div class="tile">
    <dt title=${meaning}>${labelOf(name)}</dt>
    <dd>
      <span class="tile-amount">${amount}</span>
      ${rest === undefined ? null : html`<span class="tile-rest">${rest}</span>`}
      ${now.value === null ? html`<span class="tile-rest">nothing to measure</span>` : null}
      ${before.value === null ? null : html`<span class="tile-rest" data-tone=${tone}><b>${trendWords(trend)}</b> was ${earlier}</span>`}
      ${unit === 'count' || now.value === null ? null : html`<span class="tile-rest">rests on ${now.n}</span>`}
    </dd>
  </div>`;
}

function labelOf(name: FigureName): string {
  return namedFigures.find(([one]) => one === name)?.[1] ?? name;
}
