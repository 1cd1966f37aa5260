import type { ComponentChildren, VNode } from 'preact';
import { Avatar } from '#adapters/console/page/avatar.ts';
import { clockTime, now } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import { channelPath } from '#adapters/console/page/router.ts';
import { blocks } from '#adapters/console/page/view/blocks.ts';
import { mark } from '#adapters/console/page/view/marks.ts';
import { Time } from '#adapters/console/page/view/spans.ts';
import type { WireMessage } from '#adapters/console/wire.ts';
import type { ConsoleThread } from '#ports/console-store.ts';
import { mentionsMe } from './unread.ts';

interface MessageProps {
  readonly message: WireMessage;
  /** Follows closely on one of the same author: no head. */
  readonly joined: boolean;
  readonly thread: ConsoleThread | null;
  /** Shown within its own thread: no way into it. */
  readonly inThread: boolean;
  readonly focused: boolean;
}

/** One message: what a person said, or a card of Signalbox. */
export function Message({ message, joined, thread, inThread, focused }: MessageProps): VNode {
  const { view, author, authorName, id } = message;
  return html`<li
    class="message"
    id=${`m${id}`}
    data-joined=${joined}
    data-private=${message.onlyFor !== null}
    data-mention=${mentionsMe(message)}
    data-focused=${focused}
  >
    <div class="message-side">${
      joined
        ? html`<${Permalink} message=${message} name="message-clock">${clockTime(message.postedAt)}<//>`
        : html`<${Avatar} user=${author} name=${authorName} />`
    }</div>
    <article class="message-body" aria-label=${`${authorName}: ${view.summary}`}>
      ${
        joined
          ? null
          : html`<header class="message-head">
            <span class="message-author">${authorName}</span>
            <${Permalink} message=${message} name="message-time"><${Time} at=${message.postedAt} as="clock" /><//>
            ${message.onlyFor === null || message.channel.startsWith('dm:') ? null : html`<span class="message-private">Only you see this</span>`}
          </header>`
      }
      ${isCard(message) ? html`<${Card} message=${message} />` : html`<div class="message-words" data-tone=${author === null ? view.tone : null}>${blocks(view.blocks, id)}</div>`}
      ${inThread || message.onlyFor !== null ? null : html`<${ThreadLink} message=${message} thread=${thread} />`}
    </article>
  </li>`;
}

/** The time of a message is the link to it, for others to follow. */
function Permalink({
  message,
  name,
  children,
}: {
  readonly message: WireMessage;
  readonly name: string;
  readonly children?: ComponentChildren;
}): VNode {
  const { channel, thread, id } = message;
  const path = `${channelPath(channel, thread)}?m=${id}`;
  return html`<a class=${name} href=${path} title="Link to this message">${children}</a>`;
}

/** What Signalbox says in more than words is drawn as a card. */
export function isCard({ author, view }: WireMessage): boolean {
  return author === null && view.blocks.some(({ kind }) => kind !== 'text');
}

/** A view as a card: its tone, its title, its blocks. */
export function Card({ message }: { readonly message: WireMessage }): VNode {
  const { view, id } = message;
  return html`<div class="card" data-tone=${view.tone}>
    ${view.title === '' ? null : html`<h2 class="card-title"><span class="pip" aria-hidden="true"></span>${view.title}</h2>`}
    ${blocks(view.blocks, id)}
  </div>`;
}

function ThreadLink({
  message,
  thread,
}: {
  readonly message: WireMessage;
  readonly thread: ConsoleThread | null;
}): VNode | null {
  const path = channelPath(message.channel, message.id);
  if (thread === null) {
    return html`<a class="thread-link thread-start" href=${path}>${mark('thread')}<span>Open thread</span></a>`;
  }
  const count = `${thread.replies} ${thread.replies === 1 ? 'note' : 'notes'}`;
  return html`<a class="thread-link" href=${path}>${mark('thread')}<span>${count}</span>
    <span class="thread-when"><${Time} at=${Math.min(thread.lastAt, now.value)} as="relative" /></span></a>`;
}
