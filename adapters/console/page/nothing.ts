import type { ComponentChildren, VNode } from 'preact';
import { html } from './html.ts';

interface NothingProps {
  readonly title: string;
  readonly text: string;
  /** Where to go instead. */
  readonly children?: ComponentChildren;
}

/** Stands where there is nothing to show: says so calmly, and where to go instead. */
export function Nothing({ title, text, children }: NothingProps): VNode {
  return html`<div class="nothing">
    <svg viewBox="0 0 64 32" aria-hidden="true"><path d="M2 26H62M8 20V32M18 20V32M28 20V32M38 20V32M48 20V32M58 20V32" /><path class="arm" d="M34 18V4L46 9L34 12" /></svg>
    <h2>${title}</h2>
    <p>${text}</p>
    ${children === undefined ? null : html`<div class="buttons">${children}</div>`}
  </div>`;
}
