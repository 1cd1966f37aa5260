import type { Button } from '#core/message.ts';
import { printable } from '#core/text-width.ts';
import { cut } from './plain-text.ts';
import type { Json } from './rich-text.ts';

/** Gives each button of a message a number of its own. */
export type PutButton = () => number;

/** `actions` blocks of at most 25 buttons. */
export function buttonBlocks(buttons: readonly Button[], put: PutButton): readonly Json[] {
  const elements = buttons.map((button) => buttonElement(button, put()));
  const blocks: Json[] = [];
  for (let at = 0; at < elements.length; at += 25) {
    blocks.push({ type: 'actions', elements: elements.slice(at, at + 25) });
  }
  return blocks;
}

function buttonElement(button: Button, number: number): Json {
  return {
    type: 'button',
    action_id: actionId(button, number),
    text: plain(button.label, 75),
    value: button.token,
    ...(button.style === 'plain' ? {} : { style: button.style }),
    ...(button.confirm === undefined || button.ask !== undefined
      ? {}
      : {
          confirm: {
            title: plain(button.confirm.title, 100),
            text: plain(button.confirm.text, 300),
            confirm: plain(button.confirm.yes, 30),
            // Not "Cancel", which is what some buttons do.
            deny: plain('Not now', 30),
            ...(button.style === 'danger' ? { style: 'danger' } : {}),
          },
        }),
  };
}

/** What a button asks for before it acts; null when it acts at once. */
export interface Asked {
  readonly label: string;
  readonly required: boolean;
}

/** The id says what to ask; a form takes the place of the confirmation, so nobody confirms twice. */
function actionId({ ask }: Button, number: number): string {
  if (ask === undefined) return `act.${number}`;
  return `ask.${number}.${ask.required ? 'r' : 'o'}.${cut(printable(ask.label), 150)}`;
}

/** Reads what `actionId` wrote. */
export function askedBy(actionIdText: string): Asked | null {
  const [, need, label] = /^ask\.\d+\.([ro])\.([\s\S]*)$/.exec(actionIdText) ?? [];
  if (need === undefined || label === undefined) return null;
  return { label: label === '' ? 'Comment' : label, required: need === 'r' };
}

/** A `plain_text` object, which Slack never reads as markup; it must not be empty. */
export function plain(text: string, most: number): Json {
  const shown = cut(printable(text), most).trim();
  return { type: 'plain_text', text: shown === '' ? '–' : shown, emoji: false };
}
