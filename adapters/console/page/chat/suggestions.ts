import { signal } from '@preact/signals';
import { post } from '#adapters/console/page/http.ts';
import { session } from '#adapters/console/page/session.ts';
import type { CommandDescriptor } from '#core/command.ts';
import { type Completion, locateCompletion, optionName } from '#core/completion.ts';

/** Something that may be typed next. */
export interface Suggestion {
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
}

/** What the composer offers, and what it says about the place where one is. */
export interface Offer {
  readonly suggestions: readonly Suggestion[];
  /** The command being typed, with the field that is meant, for the line of help above. */
  readonly command: CommandDescriptor | null;
  readonly field: string | null;
  /** Where in the text the chosen suggestion goes. */
  readonly from: number;
}

export const offer = signal<Offer | null>(null);
let asked = 0;

/** Works out what to offer for a text. The server is asked for services, versions and the like. */
export async function suggest(text: string): Promise<void> {
  asked += 1;
  const turn = asked;
  const typed = commandPart(text);
  const info = session.value;
  const found =
    typed === null || info === null ? null : locateCompletion(typed.text, info.commands);
  if (typed === null || found === null) {
    offer.value = null;
    return;
  }
  const from = typed.start + found.from;
  if (found.kind !== 'field') {
    offer.value = { ...local(found, info?.commands ?? []), from };
    return;
  }
  const { command, field, given, prefix } = found;
  const base = { command, field: field.name, from };
  // Until the answer is here only what still fits stays: Enter must not take another word than is typed.
  const before = offer.value?.field === field.name ? offer.value.suggestions : [];
  offer.value = { ...base, suggestions: before.filter(({ insert }) => insert.startsWith(prefix)) };
  if (field.kind === 'text' || field.kind === 'flag') return;
  const values = await post<readonly { readonly value: string; readonly label: string }[]>(
    '/api/complete',
    { command: command.name, field: field.name, prefix, given },
  );
  if (turn !== asked) return;
  const suggestions = values.map(({ value, label }) => ({
    insert: value,
    label: value,
    detail: label === value ? '' : label,
  }));
  offer.value = { ...base, suggestions };
}

/** The part of the text that is a command, and where it begins. */
function commandPart(text: string): { readonly text: string; readonly start: number } | null {
  const name = session.value?.command ?? '';
  const head = new RegExp(`^\\s*(?:/(?:${name}\\s+)?|@signalbox[:,]?\\s+)`, 'i').exec(text);
  return head === null ? null : { text: text.slice(head[0].length), start: head[0].length };
}

function local(
  found: Exclude<Completion, { kind: 'field' }>,
  commands: readonly CommandDescriptor[],
): Omit<Offer, 'from'> {
  if (found.kind === 'command') {
    const suggestions = commands
      .filter(({ name }) => name.startsWith(found.prefix.toLowerCase()))
      .map(({ name, summary }) => ({ insert: name, label: name, detail: summary }));
    return { suggestions, command: null, field: null };
  }
  const suggestions = found.open
    .map((field) => ({
      insert: field.introducedBy ?? `--${optionName(field)}`,
      label: field.introducedBy ?? `--${optionName(field)}`,
      detail: field.summary,
    }))
    .filter(({ insert }) => insert.startsWith(found.prefix));
  return { suggestions, command: found.command, field: null };
}
