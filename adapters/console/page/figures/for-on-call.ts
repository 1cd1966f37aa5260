import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { Section } from '#adapters/console/page/release/release-page.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { Figures } from '#adapters/console/wire.ts';
import { formatDuration } from '#core/duration.ts';
import type { FailureKind } from '#core/figures/deployments.ts';
import { Tile } from './tile.ts';

const figuresOfCare = [
  'recoveryTime',
  'rollbackTime',
  'caughtInCanary',
  'caughtBeforeTraffic',
  'canaryPassRate',
  'alertsLinked',
] as const;

const words: Readonly<Record<FailureKind, string>> = {
  caught_in_canary: 'caught in canary',
  rolled_back: 'rolled back later',
  alert: 'an alert was linked',
  hotfix: 'needed a hotfix',
};

/** What went wrong in production, how it was noticed, and how long people had to live with it. */
export function ForOnCall({ figures }: { readonly figures: Figures }): VNode {
  const failed = figures.deployments
    .filter(({ failure }) => failure !== null)
    .toSorted((a, b) => b.record.requestedAt - a.record.requestedAt);
  return html`<div class="figures">
    <dl class="tiles">${figuresOfCare.map((name) => html`<${Tile} name=${name} figures=${figures} key=${name} />`)}</dl>
    <${Section} title="Deployments that failed">
      ${
        failed.length === 0
          ? html`<p class="quiet">None in this time.</p>`
          : html`<div class="table-scroll" role="region" aria-label="Deployments that failed" tabindex="0"><table>
            <thead><tr><th scope="col">Release</th><th scope="col">What</th><th scope="col">Noticed</th><th scope="col">How</th><th scope="col" data-align="right">Recovered in</th></tr></thead>
            <tbody>${failed.map(
              ({ record, failure, recoveredAt }) => html`<tr key=${record.rollout}>
                <th scope="row"><a href=${`/rollouts/${encodeURIComponent(record.rollout)}`}>${record.rollout}</a></th>
                <td>${record.service} ${record.version} → ${record.environment}</td>
                <td>${failure === null ? null : html`<${Time} at=${failure.at} as="date" />`}</td>
                <td>${failure === null ? null : words[failure.kind]}</td>
                <td data-align="right">${recovery(record.trafficAt, recoveredAt)}</td>
              </tr>`,
            )}</tbody>
          </table></div>`
      }
    <//>
  </div>`;
}

function recovery(from: number | null, to: number | null): string {
  if (to === null) return 'not yet';
  return from === null || to < from ? '–' : formatDuration((to - from) / 1000);
}
