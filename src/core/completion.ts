import type { CommandDescriptor, CommandField } from './command.ts';

/** What somebody is in the middle of typing. `from` is where the unfinished word begins. */
export type Completion =
  | { readonly kind: 'command'; readonly prefix: string; readonly from: number }
  | {
      readonly kind: 'field';
      readonly command: CommandDescriptor;
      readonly field: CommandField;
      readonly given: Readonly<Record<string, string>>;
      readonly prefix: string;
      readonly from: number;
    }
  /** Introducing words and options that are still open. */
  | {
      readonly kind: 'more';
      readonly command: CommandDescriptor;
      readonly open: readonly CommandField[];
      readonly given: Readonly<Record<string, string>>;
      readonly prefix: string;
      readonly from: number;
    };

interface Reading {
  readonly given: Record<string, string>;
  /** The field whose value must come next, because its introducing word or option was typed. */
  expected: CommandField | null;
}

/**
 * Finds what is being typed at the end of a command line, without the slash and the product's own
 * name. Null when the command is not known: then nothing can be offered.
 */
export function locateCompletion(
  text: string,
  commands: readonly CommandDescriptor[],
): Completion | null {
  const from = text.length - (/\S*$/.exec(text)?.[0].length ?? 0);
  const prefix = text.slice(from);
  const [name, ...words] = text
    .slice(0, from)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (name === undefined) return { kind: 'command', prefix, from };
  const command = commands.find((one) => one.name === name);
  if (command === undefined) return null;

  const reading: Reading = { given: {}, expected: null };
  for (const word of words) take(reading, command, word);
  const { given, expected } = reading;
  const open = command.fields.filter((field) => given[field.name] === undefined);
  const field = expected ?? (prefix.startsWith('-') ? null : nextPositional(open));
  if (field !== null && field !== undefined) {
    return { kind: 'field', command, field, given, prefix, from };
  }
  return { kind: 'more', command, open, given, prefix, from };
}

function take(reading: Reading, command: CommandDescriptor, word: string): void {
  const { given, expected } = reading;
  if (expected !== null) {
    given[expected.name] = word;
    reading.expected = null;
    return;
  }
  const open = command.fields.filter((field) => given[field.name] === undefined);
  const option = /^--([a-z][\w-]*)(?:=(.*))?$/.exec(word);
  const marked =
    option === null
      ? open.find((field) => field.introducedBy === word)
      : command.fields.find((field) => optionName(field) === option[1]);
  if (marked !== undefined) {
    const value = option?.[2] ?? (marked.kind === 'flag' ? 'true' : undefined);
    if (value === undefined) reading.expected = marked;
    else given[marked.name] = value;
    return;
  }
  const positional = nextPositional(open) ?? open[0];
  if (positional !== undefined) given[positional.name] = word;
}

/** The field that a bare word would fill. */
function nextPositional(open: readonly CommandField[]): CommandField | undefined {
  return open.find(
    (field) => field.introducedBy === undefined && field.kind !== 'flag' && field.kind !== 'text',
  );
}

/** A field's name as it is typed: `breakGlass` is `break-glass`. */
export function optionName(field: CommandField): string {
  return field.name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
