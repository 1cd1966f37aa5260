import type { VNode } from 'preact';
import type { Refusal } from '#core/refusal.ts';
import { html } from './html.ts';
import { mark } from './view/marks.ts';

/** Why something cannot be shown, and what to do. */
export function Problem({ refusal }: { readonly refusal: Refusal | null }): VNode | null {
  if (refusal === null) return null;
  return html`<p class="banner" data-tone="warning">${mark('errored')}<span><b>${refusal.message}</b> ${refusal.next}</span></p>`;
}
