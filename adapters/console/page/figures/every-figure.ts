import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Section } from '#adapters/console/page/release/release-page.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { Figures } from '#adapters/console/wire.ts';
import { figureWords, namedFigures, trendWords } from '#core/cards/stats-view.ts';
import { type FigureName, figureMeanings } from '#core/figures/figures.ts';
import { trendOf } from '#core/figures/trend.ts';

/** Every figure with its meaning and on how much it rests, and the deployments it was made from. */
export function EveryFigure({ figures }: { readonly figures: Figures }): VNode {
  const { now, before, deployments, window, zone } = figures;
  return html`<div class="figures">
    <${Section} title="Figures">
      <div class="table-scroll" role="region" aria-label="All figures" tabindex="0"><table class="every-figure">
        <thead><tr><th scope="col">Figure</th><th scope="col" data-align="right">Now</th><th scope="col" data-align="right">Before</th><th scope="col">Trend</th></tr></thead>
        <tbody>${namedFigures.map(
          ([name, label]) => html`<tr key=${name}>
            <th scope="row">${label}<span class="meaning">${figureMeanings[name][1]}</span></th>
            <td data-align="right" data-label="Now">${amount(name, now[name])}</td>
            <td data-align="right" data-label="Before">${amount(name, before[name])}</td>
            <td data-label="Trend">${trendWords(trendOf(name, now[name], before[name]))}</td>
          </tr>`,
        )}</tbody>
      </table></div>
      <p class="quiet">From <${Time} at=${window.from} as="date" /> to <${Time} at=${window.to} as="date" />, in days of ${zone}. Before: as long, right before. Small: on how many it rests.</p>
    <//>
    <${Section} title="Made from these deployments">
      ${
        deployments.length === 0
          ? html`<p class="quiet">Nothing went to production in this time.</p>`
          : html`<div class="table-scroll" role="region" aria-label="Deployments" tabindex="0"><table>
            <thead><tr><th scope="col">Release</th><th scope="col">What</th><th scope="col">Committed</th><th scope="col">Requested</th><th scope="col">Traffic</th><th scope="col">All of it</th><th scope="col">Failed</th><th scope="col">Recovered</th></tr></thead>
            <tbody>${deployments.map(
              ({ record, fullAt, failure, recoveredAt }) => html`<tr key=${record.rollout}>
                <th scope="row"><a href=${`/rollouts/${encodeURIComponent(record.rollout)}`}>${record.rollout}</a></th>
                <td>${record.service} ${record.version}</td>
                ${[record.committedAt, record.requestedAt, record.trafficAt, fullAt, failure?.at ?? null, recoveredAt].map((at) => html`<td>${at === null ? '–' : html`<${Time} at=${at} as="date" />`}</td>`)}
              </tr>`,
            )}</tbody>
          </table></div>`
      }
    <//>
  </div>`;
}

/** A figure, and below it what else there is to say of it. */
function amount(name: FigureName, figure: Figures['now'][FigureName]): VNode {
  const [words, rest] = figureWords(name, figure).split(', ');
  const small = [...(rest === undefined ? [] : [rest]), `of ${figure.n}`];
  return html`${words}${small.map((line) => html`<span class="of" key=${line}>${line}</span>`)}`;
}
