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
  z.strictObject({
    kind: z.literal('ask'),
    token: z.string(),
    required: z.boolean(),
    ...place(),
  }),
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
  const name = named(command.name);
  return modal(
    name,
    name,
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

/** A form for what a button asks. `button`: what the button says, so that the form says it too. */
export function askForm(
  ask: { readonly label: string; readonly required: boolean },
  button: string,
  purpose: FormPurpose,
): Json {
  const verb = cut(button.split(' ')[0] ?? '', 24);
  return modal(verb === '' ? 'Signalbox' : verb, verb === '' ? 'Go on' : verb, purpose, [
    ...(button === '' ? [] : [{ type: 'section', text: plain(button, 300) }]),
    textInput('text', ask.label, '', ask.required, true),
  ]);
}

/** `not-related` as people read it: `Not related`. */
function named(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;
}

function modal(title: string, submit: string, purpose: FormPurpose, blocks: readonly Json[]): Json {
  return {
    type: 'modal',
    callback_id: formId,
    title: plain(title, 24),
    submit: plain(submit, 24),
    close: plain('Close', 24),
    private_metadata: JSON.stringify(purpose),
    blocks,
  };
}

function fieldInput(field: CommandField): Json {
  if (!chosen.has(field.kind)) {
    return textInput(
      field.name,
      named(field.name),
      field.summary,
      field.required,
      field.rest === true,
    );
  }
  return {
    ...input(field.name, named(field.name), field.summary, field.required),
    element: {
      type: 'external_select',
      action_id: field.name,
      placeholder: plain('Choose, or type to search', 150),
      min_query_length: 0,
    },
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
    ...input(name, label, hint, required),
    element: { type: 'plain_text_input', action_id: name, multiline, max_length: inputMax },
  };
}

/** The block is named for its field, so that an error can be shown beside it. */
function input(name: string, label: string, hint: string, required: boolean): Json {
  return {
    type: 'input',
    block_id: name,
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

/** What is wrong with a form that was filled in, by block: what is required holds only blanks. */
export function formErrors(
  purpose: FormPurpose,
  values: Readonly<Record<string, string>>,
  fields: readonly CommandField[],
): Readonly<Record<string, string>> {
  const required =
    purpose.kind === 'command'
      ? fields.filter((field) => field.required).map(({ name }) => name)
      : purpose.kind === 'line' || purpose.required
        ? ['text']
        : [];
  const missing = required.filter((name) => values[name] === undefined);
  return Object.fromEntries(missing.map((name) => [name, 'Please fill this in.']));
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
