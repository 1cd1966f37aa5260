import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import type { Line } from '#core/message.ts';

/** More than this takes the page away from everything else. */
const most = { characters: 1200, lines: 16 } as const;

/** Whether a line is too long to stand there whole unasked. */
export function isLong(line: Line): boolean {
  const text = line.map((span) =>
    typeof span === 'string' ? span : 'text' in span ? span.text : '',
  );
  const whole = text.join('');
  return whole.length > most.characters || whole.split('\n', most.lines + 1).length > most.lines;
}

/** Shows the beginning of something long, and the rest when asked. */
export function Folded({ children }: { readonly children?: ComponentChildren }): VNode {
  const open = useSignal(false);
  return html`<div class="folded" data-open=${open.value}>
    <div class="folded-text">${children}</div>
    <button class="fold" aria-expanded=${open.value} onClick=${() => {
      open.value = !open.value;
    }}>${open.value ? 'Show less' : 'Show all'}</button>
  </div>`;
}
