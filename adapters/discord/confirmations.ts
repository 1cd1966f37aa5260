import type { Button, View } from '#core/message.ts';
import { noId, yesId } from './custom-ids.ts';
import { cut, escapedWithin, type Json } from './plain-text.ts';

type Confirm = NonNullable<Button['confirm']>;

/** What buttons that this process drew ask before they act. */
export interface Confirmations {
  note(view: View): void;
  /** The question as a private message, with the card's own label where another process drew it. */
  question(token: string, label: string, message: string): Json;
}

const keptMax = 2_000;

export function createConfirmations(): Confirmations {
  const known = new Map<string, Confirm>();
  return {
    note(view) {
      const buttons = view.blocks.flatMap((one) => (one.kind === 'buttons' ? one.buttons : []));
      for (const { token, confirm } of buttons) {
        known.delete(token);
        if (confirm !== undefined) known.set(token, confirm);
      }
      for (const token of known.keys()) {
        if (known.size <= keptMax) break;
        known.delete(token);
      }
    },
    question(token, label, message) {
      const { title, text, yes } = known.get(token) ?? {
        title: label,
        text: 'Do you want to go on?',
        yes: label,
      };
      const content = `**${escapedWithin(title, 300)}**\n${escapedWithin(text, 2_000)}`;
      return privately([
        { type: 10, content },
        {
          type: 1,
          components: [
            { type: 2, style: 4, label: cut(yes, 80), custom_id: yesId(token, message) },
            { type: 2, style: 2, label: 'Not now', custom_id: noId },
          ],
        },
      ]);
    },
  };
}

/** A message with components v2 that one person alone sees. */
export function privately(components: readonly Json[]): Json {
  return { flags: 64 + 32_768, components, allowed_mentions: { parse: [] } };
}
