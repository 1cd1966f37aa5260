import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { dayName, now, sameDay } from '#adapters/console/page/clock.ts';
import { html } from '#adapters/console/page/html.ts';
import { session } from '#adapters/console/page/session.ts';
import type { WireMessage } from '#adapters/console/wire.ts';
import { type Conversation, loadConversation, loadOlder } from './conversations.ts';
import { isCard, Message } from './message.ts';

/** Messages of one author within this time share one head. */
const joinedMs = 5 * 60_000;
/** Pages that are loaded on the way to a message that a link names. */
const seekPages = 25;
/** This near to the end counts as being there. */
const nearPixels = 90;

interface ListProps {
  readonly of: Conversation;
  /** Where the line “New” stands: after this message. */
  readonly newAfter: number | null;
  readonly focus: number | null;
  /** Load older messages until that one is there. */
  readonly seek?: boolean;
  readonly onSeen?: () => void;
  /** What stands where there are no messages yet. */
  readonly empty?: VNode;
}

/**
 * Messages from oldest to newest. Stays at the end while new ones come, keeps its place while older
 * ones are loaded above, and says in words what arrives.
 */
export function MessageList({ of, newAfter, focus, seek, onSeen, empty }: ListProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const height = useRef(0);
  const top = useRef(0);
  const away = useSignal(false);
  /** Pages loaded on the way to the message of the link; null once it was brought into view. */
  const sought = useRef<number | null>(0);
  const messages = of.messages.value;
  /** What came while one looks on is not announced as new. */
  const known = useRef<number | null>(null);
  if (known.current === null && of.state.value === 'ready')
    known.current = messages.at(-1)?.id ?? 0;
  /** The newest message when last looked: whoever says something wants to see what comes of it. */
  const followed = useRef(0);
  const isEmpty = of.state.value === 'ready' && messages.length === 0;
  const first = messages[0]?.id ?? 0;
  const last = messages.at(-1)?.id ?? 0;

  useEffect(() => {
    loadConversation(of).catch(() => undefined);
  }, [of, of.state.value === 'empty']);

  useLayoutEffect(() => {
    const list = box.current;
    if (list === null) return;
    if (!atEnd.current && list.scrollTop < 400)
      list.scrollTop += list.scrollHeight - height.current;
    height.current = list.scrollHeight;
  }, [first]);

  useEffect(() => {
    const list = box.current;
    const inner = content.current;
    if (list === null || inner === null) return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) list.scrollTop = list.scrollHeight;
      height.current = list.scrollHeight;
    });
    observer.observe(inner);
    return () => observer.disconnect();
  }, [of]);

  useEffect(() => {
    const before = followed.current;
    followed.current = last;
    const me = session.value?.me.user;
    if (before > 0 && messages.some(({ id, author }) => id > before && author === me)) toEnd();
    if (atEnd.current && last > 0 && document.hasFocus()) onSeen?.();
  }, [last]);

  useEffect(() => {
    sought.current = 0;
  }, [focus]);

  useEffect(() => {
    if (focus === null || sought.current === null || of.state.value !== 'ready') return;
    const target = content.current?.querySelector(`#m${focus}`) ?? null;
    if (target !== null) {
      sought.current = null;
      atEnd.current = false;
      target.scrollIntoView({ block: 'center' });
    } else if (seek === true && focus < first && of.more.value && sought.current < seekPages) {
      sought.current += 1;
      loadOlder(of).catch(() => undefined);
    }
  }, [focus, first, of.state.value]);

  function scrolled(): void {
    const list = box.current;
    if (list === null) return;
    // Who went to the end stays there though more came since: only going up leaves it.
    const near = list.scrollHeight - list.scrollTop - list.clientHeight < nearPixels;
    atEnd.current = near || (atEnd.current && list.scrollTop >= top.current);
    top.current = list.scrollTop;
    away.value = !atEnd.current;
    if (atEnd.current) onSeen?.();
    if (list.scrollTop < 300 && of.more.value) loadOlder(of).catch(() => undefined);
  }

  function toEnd(): void {
    atEnd.current = true;
    away.value = false;
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }

  return html`<div class="messages" ref=${box} onScroll=${scrolled} tabindex="0" role="region" aria-label=${of.thread === null ? 'Messages' : 'Thread messages'}>
    <ol class="message-list" ref=${content}>${rows(of, newAfter, known.current ?? 0, focus)}${isEmpty ? html`<li class="empty">${empty ?? 'Nothing here yet.'}</li>` : null}</ol>
    ${of.state.value === 'failed' ? html`<p class="empty">This conversation could not be loaded.</p>` : null}
    ${away.value ? html`<button class="to-end" onClick=${toEnd}>Newest messages</button>` : null}
    <div class="visually-hidden" aria-live="polite">${spokenNews(messages)}</div>
  </div>`;
}

function rows(
  of: Conversation,
  newAfter: number | null,
  newUntil: number,
  focus: number | null,
): readonly VNode[] {
  const drawn: VNode[] = [];
  let before: WireMessage | null = null;
  for (const message of of.messages.value) {
    const newDay = before === null || !sameDay(before.postedAt, message.postedAt);
    if (newDay) {
      drawn.push(
        html`<li class="day" key=${`d${message.id}`}><span>${dayName(message.postedAt, now.peek())}</span></li>`,
      );
    }
    const begins =
      newAfter !== null &&
      before !== null &&
      before.id <= newAfter &&
      message.id > newAfter &&
      message.id <= newUntil;
    if (begins) drawn.push(html`<li class="news" key="news"><span>New</span></li>`);
    drawn.push(
      html`<${Message}
        key=${message.id}
        message=${message}
        joined=${!newDay && !begins && joins(before, message)}
        thread=${of.threads.value.get(message.id) ?? null}
        inThread=${of.thread !== null}
        focused=${focus === message.id}
      />`,
    );
    before = message;
  }
  return drawn;
}

function joins(before: WireMessage | null, message: WireMessage): boolean {
  return (
    before !== null &&
    before.author === message.author &&
    before.onlyFor === message.onlyFor &&
    !isCard(before) &&
    !isCard(message) &&
    message.postedAt - before.postedAt < joinedMs
  );
}

/** What a screen reader is told: the newest message, in its one line. */
function spokenNews(messages: readonly WireMessage[]): string {
  const last = messages.at(-1);
  if (last === undefined) return '';
  const edited = messages.reduce((a, b) => (b.change > a.change ? b : a), last);
  const telling = edited.view.tone === 'danger' || edited.view.tone === 'success' ? edited : last;
  return `${telling.authorName}: ${telling.view.summary}`;
}
