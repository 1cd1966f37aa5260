import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Section } from '#adapters/console/page/release/release-page.ts';
import type { Figures } from '#adapters/console/wire.ts';
import { fourFigures } from '#core/cards/stats-view.ts';
import { Tile } from './tile.ts';
import { Weeks } from './weeks.ts';

const flow = ['approvalTime', 'queueTime', 'promotionTime', 'reworkRate'] as const;

/** The four figures of DORA, how they came about week by week, and where the time goes. */
export function ForLeads({ figures }: { readonly figures: Figures }): VNode {
  return html`<div class="figures">
    <dl class="tiles tiles-large">${fourFigures.map(([name]) => html`<${Tile} name=${name} figures=${figures} key=${name} />`)}</dl>
    <${Weeks} figures=${figures} />
    <${Section} title="Where the time goes"><dl class="tiles">${flow.map((name) => html`<${Tile} name=${name} figures=${figures} key=${name} />`)}</dl><//>
    <p class="quiet">A deployment counts when production reached 100 %. Days are those of ${figures.zone}.</p>
  </div>`;
}
