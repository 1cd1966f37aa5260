import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Button } from '#core/message.ts';
import { html } from './html.ts';

interface Question {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly style: Button['style'];
  readonly ask: NonNullable<Button['ask']> | null;
  readonly answer: (answer: Answer | null) => void;
}

interface Answer {
  readonly input: string | null;
}

const question = signal<Question | null>(null);

/** Asks what a button wants to know before it acts. Null: the person changed their mind. */
export function askFirst(
  button: Pick<Button, 'label' | 'style' | 'confirm' | 'ask'>,
): Promise<Answer | null> {
  const { confirm, ask } = button;
  if (confirm === undefined && ask === undefined) return Promise.resolve({ input: null });
  return new Promise((answer) => {
    question.value = {
      title: confirm?.title ?? `${button.label}?`,
      text: confirm?.text ?? '',
      yes: confirm?.yes ?? button.label,
      style: button.style,
      ask: ask ?? null,
      answer,
    };
  });
}

/** The dialog, when something is being asked. */
export function Dialog(): VNode | null {
  const asked = question.value;
  return asked === null ? null : html`<${OpenDialog} asked=${asked} key=${asked.title} />`;
}

function OpenDialog({ asked }: { readonly asked: Question }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  useEffect(() => dialog.current?.showModal(), []);

  function close(answer: Answer | null): void {
    question.value = null;
    asked.answer(answer);
  }

  function submit(event: Event): void {
    event.preventDefault();
    const text = input.current?.value.trim() ?? '';
    close({ input: asked.ask === null || text === '' ? null : text });
  }

  return html`<dialog ref=${dialog} class="dialog" aria-labelledby="dialog-title" aria-describedby="dialog-text"
    onCancel=${(event: Event) => {
      event.preventDefault();
      close(null);
    }}
    onClick=${(event: Event) => {
      if (event.target === dialog.current) close(null);
    }}>
    <form onSubmit=${submit}>
      <h2 id="dialog-title">${asked.title}</h2>
      <p id="dialog-text">${asked.text}</p>
      ${
        asked.ask === null
          ? null
          : html`<label>${asked.ask.label}${asked.ask.required ? '' : ' (optional)'}
            <textarea ref=${input} rows="3" maxlength="2000" required=${asked.ask.required}></textarea></label>`
      }
      <div class="dialog-buttons">
        <button type="button" class="button" data-style="plain" onClick=${() => close(null)}>Cancel</button>
        <button type="submit" class="button" data-style=${asked.style === 'danger' ? 'danger-solid' : 'primary'}>${asked.yes}</button>
      </div>
    </form>
  </dialog>`;
}
