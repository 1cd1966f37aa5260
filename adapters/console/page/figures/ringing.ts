import type { VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { channelPath } from '#adapters/console/page/router.ts';
import { blocks } from '#adapters/console/page/view/blocks.ts';
import { mark } from '#adapters/console/page/view/marks.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { Attention } from '#adapters/console/wire.ts';

type RingingAlert = Attention['alerts'][number];

/** One group of alerts that rings: since when, about what, who may have caused it, what one may do. */
export function Ringing({ alert }: { readonly alert: RingingAlert }): VNode {
  const { card, severity, since } = alert;
  return html`<article class="card ringing" data-tone=${card.tone} aria-label=${card.summary}>
    <h3 class="card-title ringing-title">${mark('alert')}<span>${card.title}</span>
      <span class="ringing-since">${severity === '' ? null : html`<b>${severity}</b>, `}<${Time} at=${since} as="relative" /></span></h3>
    ${blocks(card.blocks, null)}
    <${Ways} alert=${alert} />
  </article>`;
}

/** Where else it is told: its threads here, and the pages of the releases that may have caused it. */
function Ways({ alert }: { readonly alert: RingingAlert }): VNode | null {
  const here = alert.messages.filter(({ channel }) => channel.platform === 'console');
  const releases = [...new Set([...alert.suspects.map(({ rollout }) => rollout), alert.toldIn])];
  const links = [
    ...here.map(({ channel, message }) => ({
      path: channelPath(channel.channel, Number(message)),
      words: `Thread in #${channel.channel}`,
    })),
    ...releases
      .filter((id) => id !== null)
      .map((id) => ({ path: `/rollouts/${encodeURIComponent(id)}`, words: `Release ${id}` })),
  ];
  if (links.length === 0) return null;
  return html`<ul class="ringing-ways">${links.map(
    ({ path, words }) => html`<li key=${path}><a href=${path}>${words}</a></li>`,
  )}</ul>`;
}
