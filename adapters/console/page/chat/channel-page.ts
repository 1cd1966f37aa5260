import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { html } from '#adapters/console/page/html.ts';
import { Nothing } from '#adapters/console/page/nothing.ts';
import { PageHead } from '#adapters/console/page/page-head.ts';
import { session } from '#adapters/console/page/session.ts';
import { mark } from '#adapters/console/page/view/marks.ts';
import { Composer } from './composer.ts';
import { conversation } from './conversations.ts';
import { draft } from './drafts.ts';
import { MessageList } from './message-list.ts';
import { ThreadPanel } from './thread-panel.ts';
import { markRead, seenUpTo } from './unread.ts';

/** What a newcomer may try in a channel where nothing was said yet. */
function FirstSteps({ name, channel }: { readonly name: string; readonly channel: string }): VNode {
  const command = session.value?.command ?? '';
  const first = session.value?.guide.find((step) => step.command !== undefined)?.command;
  const examples = [first ?? 'deploy ', 'status', 'help'].map((words) => `/${command} ${words}`);
  return html`<div class="first-steps">
    <h2>This is the beginning of ${name}</h2>
    <p>Releases are asked for, approved and followed here. Try a command:</p>
    <ul>${examples.map((example) => html`<li key=${example}><button onClick=${() => draft(channel, example)}><code>${example}</code></button></li>`)}</ul>
  </div>`;
}

interface ChannelProps {
  readonly id: string;
  readonly thread: number | null;
  readonly focus: number | null;
}

/** A channel, and beside it the thread that is open. */
export function ChannelPage({ id, thread, focus }: ChannelProps): VNode {
  const room = session.value?.channels.find((channel) => channel.id === id);
  const of = conversation(id);
  const newAfter = useMemo(() => seenUpTo(id), [id]);
  if (room === undefined) {
    return html`<section class="pane" aria-label="No such channel"><${PageHead} title="No such channel" /><div class="scroll">
      <${Nothing} title="Nothing to read here" text="There is no such channel, or you are not a member of it."><a class="button" data-style="plain" href="/">Go to your channels</a><//>
    </div></section>`;
  }
  const direct = room.kind === 'direct';
  const name = direct ? 'Signalbox' : `#${room.id}`;
  const people = room.open ? 'everybody' : `${room.members.length} members`;
  return html`<div class="channel" data-thread=${thread !== null}>
    <section class="pane" aria-label=${name}>
      <${PageHead} title=${name} detail=${room.topic}>
        ${direct ? null : html`<span class="members">${mark(room.open ? 'people' : 'locked')}${people}</span>`}
      <//>
      <${MessageList} of=${of} key=${id} newAfter=${newAfter > 0 ? newAfter : null} focus=${thread === null ? focus : thread} seek=${thread === null} onSeen=${() => markRead(id)} empty=${direct ? null : html`<${FirstSteps} name=${name} channel=${id} />`} />
      <${Composer} channel=${id} thread=${null} placeholder=${direct ? 'Run a command: /' : `Message ${name}, or / for commands`} />
    </section>
    ${thread === null ? null : html`<${ThreadPanel} channel=${id} parent=${thread} focus=${focus} />`}
  </div>`;
}
