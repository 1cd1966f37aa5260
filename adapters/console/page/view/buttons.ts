import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { press } from '#adapters/console/page/chat/send.ts';
import { askFirst } from '#adapters/console/page/dialog.ts';
import { html } from '#adapters/console/page/html.ts';
import { link } from '#adapters/console/page/live.ts';
import type { Button } from '#core/message.ts';

/**
 * The buttons of a view. They rest while a press is on its way, and while the page may be out of
 * date; whether the person may is the server's word at the press.
 */
export function Buttons({
  buttons,
  message,
}: {
  readonly buttons: readonly Button[];
  readonly message: number | null;
}): VNode {
  const busy = useSignal<string | null>(null);

  async function run(button: Button): Promise<void> {
    const answer = await askFirst(button);
    if (answer === null || busy.value !== null) return;
    busy.value = button.token;
    await press(message, button.token, answer.input);
    busy.value = null;
  }

  return html`<div class="buttons">${buttons.map((button) => {
    const resting = busy.value !== null || link.value === 'lost';
    return html`<button
      key=${button.token}
      class="button"
      data-style=${button.style}
      aria-disabled=${resting}
      data-busy=${busy.value === button.token}
      onClick=${() => {
        if (!resting) run(button).catch(() => undefined);
      }}
    >${button.label}</button>`;
  })}</div>`;
}
