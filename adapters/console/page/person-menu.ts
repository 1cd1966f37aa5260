import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { Avatar } from './avatar.ts';
import { html } from './html.ts';
import { notify } from './notices.ts';
import { becomePersona, endSession, session } from './session.ts';
import { themeName, turnTheme } from './theme-choice.ts';
import { mark } from './view/marks.ts';

/** Who one is; in a demo the way to be somebody else. */
export function PersonMenu(): VNode | null {
  const open = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const info = session.value;
  if (info === null) return null;
  const { me, personas } = info;

  function failed(): void {
    notify('danger', 'That could not be done.', 'Load the page again.');
  }

  return html`<div class="person-menu" onClick=${(event: Event) => event.stopPropagation()} onKeyDown=${(
    event: KeyboardEvent,
  ) => {
    if (event.key !== 'Escape') return;
    open.value = false;
    button.current?.focus();
  }}>
    ${
      open.value
        ? html`<div class="person-list" id="person-list">
          ${personas.length === 0 ? null : html`<p>Demo: act as</p>`}
          ${personas.map(
            ({ user, name, title }) =>
              html`<button key=${user} aria-pressed=${user === me.user} onClick=${() => {
                if (user === me.user) open.value = false;
                else becomePersona(user).catch(failed);
              }}><${Avatar} user=${user} name=${name} /><span class="person-words"><b>${name}</b><span>${title}</span></span></button>`,
          )}
          ${info.by === 'oidc' ? html`<button onClick=${() => endSession(false).catch(failed)}>Sign out</button><button onClick=${() => endSession(true).catch(failed)}>Sign out everywhere</button>` : null}
        </div>`
        : null
    }
    <div class="person-row">
      <button ref=${button} class="person-button" aria-expanded=${open.value} aria-controls="person-list" onClick=${() => {
        open.value = !open.value;
      }}>
        <${Avatar} user=${me.user} name=${me.name} />
        <span class="person-words"><b>${me.name}</b><span>${me.title}</span></span>
      </button>
      <button class="icon-button" aria-label=${`Theme: ${themeName.value}`} title=${`Theme: ${themeName.value}`} onClick=${turnTheme}>${mark('theme')}</button>
    </div>
  </div>`;
}
