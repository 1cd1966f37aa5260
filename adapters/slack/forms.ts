import { z } from 'zod';
import type { CommandDescriptor, CommandField } from '#core/command.ts';
import { plain } from './buttons.ts';
import type { SubmissionPayload } from './payloads.ts';
import { cut } from './plain-text.ts';
import type { Json } from './rich-text.ts';

/** What a form was opened for; Slack carries it, so it is read as strictly as anything from outside. */
export const FormPurpose = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('command'), command: z.string(), ...place() }),
  z.strictObject({ kind: z.literal('line'), ...place() }),
  z.strictObject({ kind: z.literal('ask'), token: z.string(), ...place() }),
]);
export type FormPurpose = z.infer<typeof FormPurpose>;

function place() {
  return {
    channel: z.string().nullable(),
    thread: z.string().nullable(),
    responseUrl: z.string().nullable(),
  };
}

/** The `callback_id` of every form of ours. */
export const formId = 'signalbox_form';

const inputMax = 2_000;
/** Fields whose values are chosen from what is configured. */
const chosen = new Set<CommandField['kind']>(['service', 'environment', 'rollout']);

/** A form for the arguments of a command. */
export function commandForm(command: CommandDescriptor, purpose: FormPurpose): Json {
  return modal(
    command.name,
    'Run',
    purpose,
    command.fields
      .filter(({ kind }) => kind !== 'flag')
      .slice(0, 20)
      .map(fieldInput),
  );
}

/** A form for a whole command, where slash commands do not work: under a message. */
export function lineForm(purpose: FormPurpose): Json {
  const input = textInput('text', 'Command', 'For example: promote, status, rollback', true, false);
  return modal('Signalbox', 'Run', purpose, [input]);
}

/** A form for what a button asks. */
export function askForm(
  ask: { readonly label: string; readonly required: boolean },
  purpose: FormPurpose,
): Json {
  return modal('Signalbox', 'Go on', purpose, [
    textInput('text', ask.label, '', ask.required, true),
  ]);
}

function modal(title: string, submit: string, purpose: FormPurpose, blocks: readonly Json[]): Json {
  return {
    type: 'modal',
    callback_id: formId,
    title: plain(title, 24),
    submit: plain(submit, 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify(purpose),
    blocks,
  };
}

function fieldInput(field: CommandField): Json {
  if (!chosen.has(field.kind)) {
    return textInput(field.name, field.name, field.summary, field.required, field.rest === true);
  }
  return {
    ...input(field.name, field.summary, field.required),
    element: { type: 'external_select', action_id: field.name, min_query_length: 0 },
  };
}

function textInput(
  name: string,
  label: string,
  hint: string,
  required: boolean,
  multiline: boolean,
): Json {
  return {
    ...input(label, hint, required),
    element: { type: 'plain_text_input', action_id: name, multiline, max_length: inputMax },
  };
}

function input(label: string, hint: string, required: boolean): Json {
  return {
    type: 'input',
    label: plain(label, 2_000),
    optional: !required,
    ...(hint === '' ? {} : { hint: plain(hint, 2_000) }),
  };
}

/** The values of a submitted form, by field; what was left empty is absent. */
export function formValues({ view }: SubmissionPayload): Readonly<Record<string, string>> {
  const entries = Object.values(view.state.values).flatMap((block) =>
    Object.entries(block).map(
      ([name, given]) => [name, given.selected_option?.value ?? given.value ?? ''] as const,
    ),
  );
  return Object.fromEntries(entries.filter(([, value]) => value.trim() !== ''));
}

/** The command line that a form stands for: every value named and in quotation marks. */
export function commandLine(command: string, values: Readonly<Record<string, string>>): string {
  const options = Object.entries(values).map(([name, value]) => `--${name}=${quoted(value)}`);
  return [command, ...options].join(' ');
}

function quoted(value: string): string {
  const line = value.replace(/\s+/g, ' ').trim();
  return `"${cut(line, inputMax).replace(/[\\"“”„«»]/g, (mark) => (mark === '\\' ? '\\\\' : '\\"'))}"`;
}
