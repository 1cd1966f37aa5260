import type { ComponentChildren, VNode } from 'preact';
import { html } from './html.ts';
import { sidebarOpen } from './sidebar.ts';
import { mark } from './view/marks.ts';

interface HeadProps {
  readonly title: string;
  readonly detail?: string;
  readonly children?: ComponentChildren;
}

/** The head of a page: its name, what it is about, and on small screens the way to the rest. */
export function PageHead({ title, detail, children }: HeadProps): VNode {
  return html`<header class="page-head">
    <button class="icon-button menu-button" aria-label="Menu" aria-expanded=${sidebarOpen.value} onClick=${() => {
      sidebarOpen.value = true;
    }}>${mark('menu')}</button>
    <h1>${title}</h1>
    ${detail === undefined || detail === '' ? null : html`<span class="page-detail">${detail}</span>`}
    ${children}
  </header>`;
}
