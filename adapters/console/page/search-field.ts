import type { Signal } from '@preact/signals';
import type { VNode } from 'preact';
import { html } from './html.ts';
import { mark } from './view/marks.ts';

/** A field to narrow down what is shown. */
export function SearchField({
  label,
  value,
}: {
  readonly label: string;
  readonly value: Signal<string>;
}): VNode {
  return html`<label class="search">${mark('search')}<span class="visually-hidden">${label}</span>
    <input type="search" placeholder=${label} autocomplete="off" value=${value.value} onInput=${(
      event: Event,
    ) => {
      if (event.target instanceof HTMLInputElement) value.value = event.target.value;
    }} /></label>`;
}
