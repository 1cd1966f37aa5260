import type { CommandDescriptor } from '#core/command.ts';
import { fieldOption, usage } from '#core/grammar/usage.ts';
import type { View } from '#core/message.ts';

/** The commands that somebody may run: the answer of `help`. `slash` is the name of the slash command. */
export function helpView(commands: readonly CommandDescriptor[], slash: string): View {
  const count = `${commands.length} ${commands.length === 1 ? 'command' : 'commands'}`;
  return {
    tone: 'neutral',
    title: 'Help',
    summary: `You may run ${count}.`,
    blocks: [
      { kind: 'text', line: ['What you may run here, written after ', code(`/${slash}`), '.'] },
      {
        kind: 'table',
        columns: [{ label: 'Command' }, { label: 'What it does' }],
        rows: commands.map((command) => [[code(command.name)], [command.summary]]),
      },
      { kind: 'note', line: [code('help deploy'), ' tells how one of them is written.'] },
    ],
  };
}

/** How one command is written: the answer of `help <command>`. */
export function commandHelpView(command: CommandDescriptor, slash: string): View {
  return {
    tone: 'neutral',
    title: command.name,
    summary: command.summary,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: command.summary }] },
      { kind: 'code', text: `/${slash} ${usage(command)}` },
      ...(command.fields.length === 0
        ? []
        : [
            {
              kind: 'fields',
              fields: command.fields.map((field) => ({
                label: fieldOption(field),
                value: [field.required ? field.summary : `${field.summary} Optional.`],
              })),
            } as const,
          ]),
      { kind: 'code', text: command.examples.map((one) => `/${slash} ${one}`).join('\n') },
    ],
  };
}

function code(text: string) {
  return { kind: 'code', text } as const;
}
