import type { View } from '#core/message.ts';
import { viewAnsi } from '#core/message-ansi.ts';
import { viewText } from '#core/message-text.ts';
import type { Invocation } from './invocation.ts';
import type { CliIo } from './io.ts';

/** A view as text for where it goes: coloured for people, plain for files. Buttons are left out: nothing can press them. */
export function printed(view: View, now: number, invocation: Invocation, io: CliIo): string {
  const blocks = view.blocks.filter(({ kind }) => kind !== 'buttons');
  const options = { width: Math.max(20, Math.min(io.columns, 110)), now, zone: io.zone };
  const text =
    io.terminal && invocation.colour
      ? viewAnsi({ ...view, blocks }, options)
      : viewText({ ...view, blocks }, options);
  return text.endsWith('\n') ? text : `${text}\n`;
}
