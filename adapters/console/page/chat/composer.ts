import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { html } from '#adapters/console/page/html.ts';
import { mark } from '#adapters/console/page/view/marks.ts';
import { draftTurn, keepDraft, readDraft } from './drafts.ts';
import { isCommand, send, sending } from './send.ts';
import { SuggestionList } from './suggestion-list.ts';
import { offer, suggest } from './suggestions.ts';

interface ComposerProps {
  readonly channel: string;
  readonly thread: number | null;
  readonly placeholder: string;
}

/** Where one writes: words for people, or a command, completed as it is typed. */
export function Composer({ channel, thread, placeholder }: ComposerProps): VNode {
  const key = `${channel}#${thread ?? ''}`;
  const text = useSignal(readDraft(key));
  const chosen = useSignal(0);
  const open = useSignal(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const listId = `suggestions-${thread ?? 'main'}`;
  const suggestions = open.value ? (offer.value?.suggestions ?? []) : [];

  useEffect(() => {
    text.value = readDraft(key);
    open.value = false;
    requestAnimationFrame(grow);
  }, [key]);

  useEffect(() => {
    if (draftTurn.value === 0 || thread !== null) return;
    write(readDraft(key));
    box.current?.focus();
  }, [draftTurn.value]);

  function write(value: string): void {
    text.value = value;
    keepDraft(key, value);
    chosen.value = 0;
    open.value = isCommand(value);
    suggest(value).catch(() => undefined);
    requestAnimationFrame(grow);
  }

  function grow(): void {
    const area = box.current;
    if (area === null) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 160)}px`;
  }

  function take(insert: string): void {
    const from = offer.value?.from ?? text.value.length;
    write(`${text.value.slice(0, from)}${insert} `);
    box.current?.focus();
  }

  async function submit(): Promise<void> {
    const value = text.value.trim();
    if (value === '' || sending.value > 0) return;
    write('');
    open.value = false;
    if ((await send(channel, thread, value)) !== null && text.value === '') write(value);
  }

  function keys(event: KeyboardEvent): void {
    if (suggestions.length > 0 && choose(event)) {
      event.preventDefault();
      return;
    }
    if (event.key === 'Escape' && open.value) {
      event.stopPropagation();
      open.value = false;
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit().catch(() => undefined);
    }
  }

  /** Moves along the suggestions, or takes one. True when the key was meant for them. */
  function choose(event: KeyboardEvent): boolean {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (move !== 0) {
      chosen.value = (chosen.value + move + suggestions.length) % suggestions.length;
      return true;
    }
    const suggestion = suggestions[chosen.value];
    const completes =
      event.key === 'Tab' || (event.key === 'Enter' && !finished(suggestion?.insert));
    if (suggestion === undefined || !completes || event.shiftKey) return false;
    take(suggestion.insert);
    return true;
  }

  /** Enter sends once the word at hand is whole, or none was begun after a complete command. */
  function finished(insert: string | undefined): boolean {
    const word = text.value.slice(offer.value?.from ?? 0);
    const begun = offer.value?.command ?? null;
    // A word that was typed whole is meant, whatever else begins like it; unless another was chosen.
    const whole = suggestions.some(
      (one, at) => one.insert === word && (chosen.value === 0 || chosen.value === at),
    );
    return insert === undefined || whole || (word === '' && begun !== null && !needsMore());
  }

  function needsMore(): boolean {
    const { command, field } = offer.value ?? { command: null, field: null };
    return command?.fields.some(({ name, required }) => name === field && required) ?? true;
  }

  return html`<div class="composer">
    ${open.value ? html`<${SuggestionList} id=${listId} chosen=${chosen.value} onTake=${take} />` : null}
    <div class="composer-box" data-command=${isCommand(text.value)}>
      <textarea
        ref=${box}
        rows="1"
        maxlength="4000"
        value=${text.value}
        placeholder=${placeholder}
        aria-label=${placeholder}
        aria-autocomplete="list"
        aria-controls=${suggestions.length > 0 ? listId : null}
        aria-activedescendant=${suggestions.length > 0 ? `${listId}-${chosen.value}` : null}
        spellcheck=${!isCommand(text.value)}
        autocomplete="off"
        onInput=${(event: Event) => {
          if (event.target instanceof HTMLTextAreaElement) write(event.target.value);
        }}
        onKeyDown=${keys}
        onBlur=${() => {
          open.value = false;
        }}
      ></textarea>
      <button class="icon-button send" aria-label="Send" data-busy=${sending.value > 0} onClick=${() => {
        submit().catch(() => undefined);
      }}>${mark('send')}</button>
    </div>
  </div>`;
}
