import type { Button } from '#core/message.ts';
import { printable } from '#core/text-width.ts';
import { cut } from './plain-text.ts';

/** What a press on one of our components means. */
export type Pressed =
  | { readonly kind: 'act'; readonly token: string }
  | { readonly kind: 'confirm'; readonly token: string }
  | {
      readonly kind: 'ask';
      readonly token: string;
      readonly label: string;
      readonly required: boolean;
    }
  /** The yes of a confirmation; `message` is the card that the first press was on. */
  | { readonly kind: 'yes'; readonly token: string; readonly message: string }
  | { readonly kind: 'no' }
  /** The form for a command that is run on a message. */
  | { readonly kind: 'line'; readonly message: string };

const idMax = 100;

/** The `custom_id` of a button; `number` makes it unique within its message. */
export function buttonId(button: Button, number: number): string {
  const { token, ask } = button;
  if (ask !== undefined) {
    const head = `q:${number}:${ask.required ? 'r' : 'o'}:${token}:`;
    return head + cut(printable(ask.label), idMax - head.length);
  }
  return `${button.confirm === undefined ? 'a' : 'c'}:${number}:${token}`;
}

export const yesId = (token: string, message: string): string => `y:${message}:${token}`;
export const noId = 'n';
export const lineId = (message: string): string => `m:${message}`;

/** Reads a `custom_id` that came back; null when it is none of ours. */
export function readId(id: string): Pressed | null {
  if (id === noId) return { kind: 'no' };
  const [, target] = /^m:(\d{1,20})$/.exec(id) ?? [];
  if (target !== undefined) return { kind: 'line', message: target };
  const [, kind, first, rest] = /^([acqy]):([^:]*):([\s\S]+)$/.exec(id) ?? [];
  if (kind === undefined || first === undefined || rest === undefined) return null;
  if (kind === 'q') {
    const [, need, token, label] = /^([ro]):([^:]+):([\s\S]*)$/.exec(rest) ?? [];
    if (token === undefined) return null;
    return { kind: 'ask', token, label: label ?? '', required: need === 'r' };
  }
  if (kind === 'y') return { kind: 'yes', token: rest, message: first };
  return { kind: kind === 'a' ? 'act' : 'confirm', token: rest };
}

/** The token that a button carries, for reading messages back. */
export function tokenOf(id: string): string | null {
  const pressed = readId(id);
  return pressed !== null && 'token' in pressed ? pressed.token : null;
}
