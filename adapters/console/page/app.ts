import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { BoardPage } from './board/board-page.ts';
import { ChannelPage } from './chat/channel-page.ts';
import { Dialog } from './dialog.ts';
import { FiguresPage } from './figures/figures-page.ts';
import { html } from './html.ts';
import { LinkPage } from './link-page.ts';
import { link } from './live.ts';
import { Nothing } from './nothing.ts';
import { Notices } from './notices.ts';
import { PageHead } from './page-head.ts';
import { Palette } from './palette.ts';
import { PostmortemPage } from './release/postmortem-page.ts';
import { ReleasePage } from './release/release-page.ts';
import { ReleasesPage } from './release/releases-page.ts';
import { channelPath, navigate, type Route, route } from './router.ts';
import { session } from './session.ts';
import { Sidebar } from './sidebar.ts';

/** The whole page of somebody who is signed in. */
export function App(): VNode {
  return html`<div class="shell">
    <a class="skip-link" href="#main">Skip to the content</a>
    <${Sidebar} />
    <main class="main" id="main" tabindex="-1">
      ${link.value === 'lost' ? html`<p class="lost" role="status">Connection lost. What you see may be out of date; buttons rest until it is back.</p>` : null}
      <${Present} at=${route.value} />
    </main>
    <${Notices} />
    <${Palette} />
    <${Dialog} />
  </div>`;
}

function Present({ at }: { readonly at: Route }): VNode | null {
  useEffect(() => {
    document.title = titleOf(at);
  }, [at]);
  switch (at.page) {
    case 'chat':
      return html`<${Chat} channel=${at.channel} thread=${at.thread} focus=${at.focus} />`;
    case 'board':
      return html`<${BoardPage} />`;
    case 'releases':
      return html`<${ReleasesPage} query=${at.query} />`;
    case 'release':
      return html`<${ReleasePage} id=${at.id} key=${at.id} />`;
    case 'postmortem':
      return html`<${PostmortemPage} id=${at.id} key=${at.id} />`;
    case 'figures':
      return html`<${FiguresPage} about=${at.about} query=${at.query} />`;
    case 'link':
      return html`<${LinkPage} />`;
    default:
      return html`<section class="pane" aria-label="Nothing here"><${PageHead} title="Nothing here" /><div class="scroll">
        <${Nothing} title="This line ends here" text="There is no page at this address. It may have been mistyped, or cut short on its way to you.">
          <a class="button" data-style="primary" href="/board">See what runs where</a>
          <a class="button" data-style="plain" href="/rollouts">Find a release</a>
        <//></div></section>`;
  }
}

function Chat({
  channel,
  thread,
  focus,
}: {
  readonly channel: string | null;
  readonly thread: number | null;
  readonly focus: number | null;
}): VNode | null {
  const rooms = session.value?.channels ?? [];
  const first = rooms[0]?.id ?? null;
  useEffect(() => {
    if (channel === null && first !== null) navigate(channelPath(first), true);
  }, [channel]);
  if (channel === null) return null;
  const id = channel === 'dm' ? (rooms.find(({ kind }) => kind === 'direct')?.id ?? '') : channel;
  return html`<${ChannelPage} id=${id} thread=${thread} focus=${focus} />`;
}

function titleOf(at: Route): string {
  const house = session.value?.organisation ?? 'Signalbox';
  switch (at.page) {
    case 'chat':
      return `${at.channel === 'dm' ? 'For you' : `#${at.channel ?? ''}`} · ${house}`;
    case 'board':
      return `Board · ${house}`;
    case 'releases':
      return `Releases · ${house}`;
    case 'release':
      return `${at.id} · ${house}`;
    case 'postmortem':
      return `Postmortem of ${at.id} · ${house}`;
    case 'figures':
      return `${at.about === 'on-call' ? 'On call' : 'Figures'} · ${house}`;
    case 'link':
      return `Link an account · ${house}`;
    default:
      return `Nothing here · ${house}`;
  }
}
