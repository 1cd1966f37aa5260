import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { unread } from './chat/unread.ts';
import { Guide } from './guide.ts';
import { html } from './html.ts';
import { PersonMenu } from './person-menu.ts';
import { channelPath, route } from './router.ts';
import { session } from './session.ts';
import { type Mark, mark } from './view/marks.ts';

/** On small screens the side bar covers the page while it is open. */
export const sidebarOpen = signal(false);

/** The ways through the console: pages, channels, and who one is. */
export function Sidebar(): VNode {
  const info = session.value;
  const at = route.value;
  const here = at.page === 'chat' ? at.channel : null;
  const rooms = info?.channels ?? [];
  const close = (): void => {
    sidebarOpen.value = false;
  };
  return html`<header class="sidebar" data-open=${sidebarOpen.value} onClick=${close}>
    <a class="brand" href="/"><svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" /><path d="M10 7v19" /><path class="arm" d="M10 15 24 8.5" /></svg><span>${info?.organisation ?? ''}</span></a>
    <nav aria-label="Pages">
      <ul>
        ${entry('/board', 'board', 'Board', at.page === 'board')}
        ${entry('/rollouts', 'releases', 'Releases', at.page === 'releases' || at.page === 'release')}
        ${entry('/figures/on-call', 'alert', 'On call', at.page === 'figures' && at.about === 'on-call')}
        ${entry('/figures', 'figures', 'Figures', at.page === 'figures' && at.about !== 'on-call')}
      </ul>
    </nav>
    <nav aria-label="Channels">
      <h2>Channels</h2>
      <ul>${rooms
        .filter(({ kind }) => kind === 'channel')
        .map(({ id, open }) =>
          entry(channelPath(id), open ? 'channel' : 'locked', id, here === id, unread(id)),
        )}</ul>
    </nav>
    <nav aria-label="Direct messages">
      <h2>For you</h2>
      <ul>${rooms
        .filter(({ kind }) => kind === 'direct')
        .map(({ id }) => entry('/dm', 'inbox', 'Signalbox', here === 'dm', unread(id)))}</ul>
    </nav>
    <${Guide} />
    <${PersonMenu} />
  </header>`;
}

function entry(
  path: string,
  icon: Mark,
  name: string,
  present: boolean,
  news: { readonly count: number; readonly mentions: number } = { count: 0, mentions: 0 },
): VNode {
  const badge =
    news.mentions > 0
      ? html`<span class="badge">${news.mentions}<span class="visually-hidden"> for you</span></span>`
      : news.count > 0 && !present
        ? html`<span class="unread"><span class="visually-hidden">${news.count} new</span></span>`
        : null;
  return html`<li key=${path}><a href=${path} aria-current=${present ? 'page' : null} data-unread=${news.count > 0 && !present}>${mark(icon)}<span>${name}</span>${badge}</a></li>`;
}
