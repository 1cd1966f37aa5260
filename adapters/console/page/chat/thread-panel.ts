import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { html } from '#adapters/console/page/html.ts';
import { get } from '#adapters/console/page/http.ts';
import { channelPath, navigate } from '#adapters/console/page/router.ts';
import { mark } from '#adapters/console/page/view/marks.ts';
import type { MessagePlace, WireMessage } from '#adapters/console/wire.ts';
import { Composer } from './composer.ts';
import { conversation } from './conversations.ts';
import { Message } from './message.ts';
import { MessageList } from './message-list.ts';

interface ThreadProps {
  readonly channel: string;
  readonly parent: number;
  readonly focus: number | null;
}

/** A message with everything that hangs under it. */
export function ThreadPanel({ channel, parent, focus }: ThreadProps): VNode {
  const fetched = useSignal<WireMessage | null>(null);
  const loaded = conversation(channel).messages.value.find(({ id }) => id === parent);
  const message = loaded ?? fetched.value;

  useEffect(() => {
    fetched.value = null;
    if (loaded !== undefined) return;
    get<MessagePlace>(`/api/messages/${parent}`)
      .then((place) => {
        if (place.parent !== null) {
          navigate(`${channelPath(channel, place.parent.id)}?m=${parent}`, true);
        } else fetched.value = place.message;
      })
      .catch(() => undefined);
  }, [parent]);

  function close(): void {
    navigate(channelPath(channel));
  }

  return html`<aside class="thread" aria-label="Thread" onKeyDown=${(event: KeyboardEvent) => {
    if (event.key === 'Escape') close();
  }}>
    <header class="page-head">
      <h1>Thread</h1><span class="page-detail">${message?.view.title ?? ''}</span>
      <button class="icon-button" aria-label="Close thread" onClick=${close}>${mark('close')}</button>
    </header>
    ${
      message === null
        ? null
        : html`<ol class="thread-parent"><${Message} message=${message} joined=${false} thread=${null} inThread=${true} focused=${false} /></ol>`
    }
    ${message === null ? html`<div class="messages"></div>` : html`<${MessageList} of=${conversation(channel, parent)} key=${parent} newAfter=${null} focus=${focus} seek=${true} />`}
    <${Composer} channel=${channel} thread=${parent} placeholder="Reply, or / for commands" />
  </aside>`;
}
