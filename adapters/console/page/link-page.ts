import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { View } from '#core/message.ts';
import { askCommand } from './chat/send.ts';
import { html } from './html.ts';
import { PageHead } from './page-head.ts';
import { session } from './session.ts';
import { trusted } from './trust-boundary.ts';
import { blocks } from './view/blocks.ts';

/**
 * Joins an account of another platform to the one that is signed in here: shows both sides first, and
 * does nothing without a press. The code comes after the hash of the address, or is typed.
 */
export function LinkPage(): VNode {
  const code = useSignal(location.hash.slice(1));
  const shown = useSignal<View | null>(null);
  /** Whom both accounts will stand for, once it is known. */
  const person = useSignal<string | null>(null);

  async function look(): Promise<void> {
    const reply = await askCommand(`link ${code.value}`);
    if (reply === null) return;
    shown.value = reply.view;
    const offer = trusted<{ readonly person: string } | null>(reply.data);
    person.value = reply.refusal === null ? (offer?.person ?? null) : null;
  }

  async function confirm(): Promise<void> {
    const reply = await askCommand(`link ${code.value} as ${person.value ?? ''}`);
    if (reply === null) return;
    shown.value = reply.view;
    person.value = null;
  }

  useEffect(() => {
    if (!/^[\w-]{10,}$/.test(code.value)) return;
    history.replaceState(null, '', '/link');
    look().catch(() => undefined);
  }, []);

  return html`<section class="pane" aria-label="Link an account">
    <${PageHead} title="Link an account" detail=${`to ${session.value?.me.name ?? ''}`} />
    <div class="scroll"><div class="narrow">
      ${
        shown.value === null
          ? html`<form class="link-form" onSubmit=${(event: Event) => {
              event.preventDefault();
              look().catch(() => undefined);
            }}>
            <p>On your other platform, type <code>/${session.value?.command} link</code>. Enter the code that you are given.</p>
            <label>Code<input type="text" required autocomplete="off" pattern="[A-Za-z0-9_\-]{10,100}" value=${code.value} onInput=${(
              event: Event,
            ) => {
              if (event.target instanceof HTMLInputElement) code.value = event.target.value.trim();
            }} /></label>
            <button class="button" data-style="primary">Continue</button>
          </form>`
          : html`<div class="card" data-tone=${shown.value.tone}>
            <h2 class="card-title"><span class="pip" aria-hidden="true"></span>${shown.value.title}</h2>
            ${blocks(shown.value.blocks, null)}
            ${
              person.value === null
                ? html`<div class="buttons"><a class="button" data-style="plain" href="/">Go to the channels</a></div>`
                : html`<div class="buttons">
                  <button class="button" data-style="primary" onClick=${() => {
                    confirm().catch(() => undefined);
                  }}>Both accounts are mine: link them</button>
                  <a class="button" data-style="plain" href="/">Cancel</a>
                </div>`
            }
          </div>`
      }
    </div></div>
  </section>`;
}
