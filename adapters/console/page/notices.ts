import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Tone } from '#core/message.ts';
import { html } from './html.ts';
import { mark } from './view/marks.ts';

interface Notice {
  readonly id: number;
  readonly tone: Tone;
  readonly text: string;
  readonly next: string;
}

const shownMs = 9000;
const notices = signal<readonly Notice[]>([]);
let made = 0;

/** Says something at the edge of the page; it goes away by itself. */
export function notify(tone: Tone, text: string, next = ''): void {
  made += 1;
  const id = made;
  notices.value = [...notices.value.slice(-2), { id, tone, text, next }];
  setTimeout(() => dismiss(id), shownMs);
}

function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** Where notices stand. Screen readers are told at once. */
export function Notices(): VNode {
  return html`<div class="notices" role="alert">
    ${notices.value.map(
      ({ id, tone, text, next }) => html`<div class="notice" data-tone=${tone} key=${id}>
        <span class="notice-mark">${mark(tone === 'success' ? 'done' : 'failed')}</span>
        <div><strong>${text}</strong>${next === '' ? null : html`<p>${next}</p>`}</div>
        <button class="icon-button" aria-label="Dismiss" onClick=${() => dismiss(id)}>${mark('close')}</button>
      </div>`,
    )}
  </div>`;
}
