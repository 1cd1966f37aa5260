import type { CommandDescriptor } from '#core/command.ts';
import { lineId, type Pressed } from './custom-ids.ts';
import type { InteractionPayload } from './payloads.ts';
import { cut, type Json } from './plain-text.ts';

const choicesMax = 25;

/** A form for what a button asks; `button` is what the button says. */
export function askForm(
  ask: Extract<Pressed, { kind: 'ask' }>,
  button: string,
  customId: string,
): Json {
  const label = ask.label.trim() === '' ? 'Comment' : cut(ask.label, 45);
  return {
    custom_id: customId,
    title: cut(button, 45),
    components: [labelled(label, '', textInput('text', ask.required))],
  };
}

/** A form for a command about the release whose message it was opened on. */
export function lineForm(message: string, commands: readonly CommandDescriptor[]): Json {
  const options = commands
    .filter(({ fields }) => fields.every(({ required }) => !required))
    .slice(0, choicesMax)
    .map(({ name, summary }) => ({ label: name, value: name, description: cut(summary, 100) }));
  return {
    custom_id: lineId(message),
    title: 'Run a release command',
    components: [
      labelled('Command', 'It runs in the thread of this message.', {
        type: 3,
        custom_id: 'command',
        options,
        required: true,
      }),
      labelled('More', 'For example: because it is late', textInput('more', false)),
    ],
  };
}

function labelled(label: string, description: string, component: Json): Json {
  return { type: 18, label, ...(description === '' ? {} : { description }), component };
}

function textInput(customId: string, required: boolean): Json {
  return { type: 4, custom_id: customId, style: 2, required, max_length: 2_000 };
}

/** What stands in a field of a form that was sent, without blanks around it. */
export function filledIn({ data }: InteractionPayload, field: string): string {
  const found = data.components.find(({ component }) => component?.custom_id === field)?.component;
  return (found?.values?.[0] ?? found?.value ?? '').trim();
}
