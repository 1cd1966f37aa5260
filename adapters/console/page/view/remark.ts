import type { ComponentChild, VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import { firstSentence } from '#core/cards/sentence.ts';
import { type Mark, mark } from './marks.ts';

/** A short line behind a drawing: what holds a place, or stands out there. */
export function remark(icon: Mark, words: readonly ComponentChild[]): VNode {
  const [first, ...rest] = words;
  return html`<p class="remark">${mark(icon)}<span>${first} ${rest}</span></p>`;
}

/** The numbers behind a reason stand on the page of its release. */
export function brief(reason: string): VNode {
  return html`<span title=${reason}>${firstSentence(reason)}</span>`;
}
