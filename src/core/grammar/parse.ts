import type { CommandDescriptor, CommandField } from '#core/command.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import { cleanText } from './clean-text.ts';
import { suggestion } from './suggest.ts';
import { type Token, tokenise } from './tokenise.ts';
import { fieldOption, usage } from './usage.ts';
import { isOfKind, type Vocabulary } from './vocabulary.ts';

/** A command as it was written: which one, and its arguments by field name, not yet checked. */
export interface CommandLine {
  readonly command: string;
  readonly args: Readonly<Record<string, string>>;
}

/** The commands by name. Looking one up costs the same however many there are. */
export type Catalogue = ReadonlyMap<string, CommandDescriptor>;

/** What has been read so far of one command. */
interface Reading {
  readonly command: CommandDescriptor;
  readonly names: Vocabulary;
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly values: Map<string, string>;
  /** Words that no option and no introducing word claimed. */
  readonly bare: Token[];
}

/**
 * Reads one command in natural order: options (`--reason "…"`), introduced arguments (`to staging`,
 * `for 30m`, `because …`), then bare words by what they plainly are, then by position.
 * Nothing is guessed: a word without a place is refused. An empty text asks for help.
 * Refusals: `command.unknown`, `command.syntax`, `command.too_long`.
 */
export function parseCommandLine(
  text: string,
  catalogue: Catalogue,
  names: Vocabulary,
): Result<CommandLine> {
  const clean = cleanText(text);
  if (!clean.ok) return clean;
  const words = tokenise(clean.value);
  if (!words.ok) return words;
  const [first, ...tokens] = words.value;
  const name = first === undefined ? 'help' : first.text.toLowerCase();
  const command = catalogue.get(name);
  if (command === undefined) return no(unknownCommand(name, catalogue));

  const reading: Reading = {
    command,
    names,
    text: clean.value,
    tokens,
    values: new Map(),
    bare: [],
  };
  const problem = claimMarked(reading) ?? placeByKind(reading) ?? missing(reading);
  if (problem !== null) return problem;
  return ok({ command: command.name, args: Object.fromEntries(reading.values) });
}

type Refused = ReturnType<typeof no>;
type Problem = Refused | null;

function unknownCommand(name: string, catalogue: Catalogue) {
  return refusal(
    'command.unknown',
    `There is no command “${name.slice(0, 64)}”.`,
    `${suggestion(name, [...catalogue.keys()], 'commands')} Type “help” for what you may do.`,
  );
}

/** First pass: options and introduced arguments; what is left over is kept for the second. */
function claimMarked(reading: Reading): Problem {
  let at = 0;
  while (at < reading.tokens.length) {
    const token = reading.tokens[at];
    if (token === undefined) break;
    const field = introduced(reading, token, reading.tokens[at + 1]);
    if (token.option !== null) {
      const taken = takeOption(reading, token.option, reading.tokens[at + 1]);
      if (typeof taken !== 'number') return taken;
      at += taken;
    } else if (field !== null) {
      const taken = takeIntroduced(reading, field, at);
      if (typeof taken !== 'number') return taken;
      at += taken;
    } else {
      reading.bare.push(token);
      at += 1;
    }
  }
  return null;
}

/** Returns how many tokens were used up. */
function takeOption(
  reading: Reading,
  option: { readonly name: string; readonly value: string | null },
  following: Token | undefined,
): number | Refused {
  const field = reading.command.fields.find((one) => fieldOption(one) === option.name);
  if (field === undefined) {
    const known = reading.command.fields.map(fieldOption);
    return syntax(
      reading,
      `${reading.command.name} has no option “--${option.name}”.`,
      suggestion(option.name, known, 'options'),
    );
  }
  if (field.kind === 'flag') {
    if (option.value !== null)
      return syntax(reading, `“--${option.name}” is a switch and takes no value.`);
    return put(reading, field, 'true') ?? 1;
  }
  if (option.value !== null) return put(reading, field, option.value) ?? 1;
  if (following === undefined || following.option !== null) {
    return syntax(reading, `“--${option.name}” needs a value after it.`);
  }
  return put(reading, field, following.text) ?? 2;
}

/** The field that a word introduces here, if any: a duration's word must have a duration after it where plain text may stand too. */
function introduced(reading: Reading, token: Token, following: Token | undefined) {
  if (token.quoted || token.option !== null) return null;
  const word = token.text.toLowerCase();
  const field = reading.command.fields.find((one) => one.introducedBy === word);
  if (field === undefined) return null;
  const proseMayFollow = reading.command.fields.some((one) => one.rest === true);
  const fits =
    field.kind === 'text' ||
    (following !== undefined && isOfKind(field.kind, following.text, reading.names));
  return fits || !proseMayFollow ? field : null;
}

function takeIntroduced(reading: Reading, field: CommandField, at: number): number | Refused {
  const word = reading.tokens[at]?.text ?? '';
  const following = reading.tokens[at + 1];
  if (following === undefined || following.option !== null) {
    return syntax(reading, `“${word}” needs ${article(field)} after it.`);
  }
  if (field.kind !== 'text') return put(reading, field, following.text) ?? 2;
  // "because of the move": the reason is the move.
  const skipped = isWord(reading.tokens[at], 'because') && isWord(following, 'of') ? 2 : 1;
  const prose: Token[] = [];
  for (const token of reading.tokens.slice(at + skipped)) {
    if (token.option !== null) break;
    prose.push(token);
  }
  if (prose.length === 0) return syntax(reading, `“${word}” needs ${article(field)} after it.`);
  return put(reading, field, proseOf(reading, prose)) ?? skipped + prose.length;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.quoted === false && token.text.toLowerCase() === word;
}

/** Second pass: each bare word goes where it plainly belongs, else to the next open place. */
function placeByKind(reading: Reading): Problem {
  const left: Token[] = [];
  for (const token of reading.bare) {
    const field = open(reading).find(
      (one) => !token.quoted && isOfKind(one.kind, token.text, reading.names),
    );
    if (field === undefined || startedProse(reading, left)) left.push(token);
    else reading.values.set(field.name, token.text);
  }
  for (const [index, token] of left.entries()) {
    const field = open(reading).find((one) => takesAnything(one));
    if (field === undefined) {
      const promised = unkept(reading, token);
      if (promised !== null) return promised;
      return syntax(
        reading,
        `“${token.text.slice(0, 64)}” has no place in this command.`,
        'To give a reason, write because … or --reason "…".',
      );
    }
    if (field.rest === true) {
      reading.values.set(field.name, proseOf(reading, left.slice(index)));
      return null;
    }
    reading.values.set(field.name, token.text);
  }
  return null;
}

/** A word that introduces something, with something else behind it: `for -5m`. */
function unkept(reading: Reading, token: Token): Problem {
  const field = open(reading).find((one) => one.introducedBy === token.text.toLowerCase());
  const following = reading.tokens[reading.tokens.indexOf(token) + 1];
  if (field === undefined || following === undefined) return null;
  const like = field.kind === 'duration' ? 'a duration such as 30m, 2h or 1d' : article(field);
  return syntax(
    reading,
    `“${token.text}” needs ${like} after it, and “${following.text.slice(0, 64)}” is none.`,
  );
}

/** Once prose has begun, its words are not arguments any more. */
function startedProse(reading: Reading, left: readonly Token[]): boolean {
  const places = open(reading).filter((one) => one.rest !== true && takesAnything(one)).length;
  const prose = open(reading).some((one) => one.rest === true);
  return prose && left.length > places;
}

/** Kinds whose unknown names are better refused by name than as a stray word. */
function takesAnything(field: CommandField): boolean {
  switch (field.kind) {
    case 'service':
    case 'environment':
    case 'version':
      return true;
    case 'text':
      return field.rest === true || field.introducedBy === undefined;
    default:
      return field.required;
  }
}

function open(reading: Reading): readonly CommandField[] {
  return reading.command.fields.filter(
    (field) => field.kind !== 'flag' && !reading.values.has(field.name),
  );
}

function missing(reading: Reading): Problem {
  const field = reading.command.fields.find(
    (one) => one.required && (reading.values.get(one.name) ?? '') === '',
  );
  return field === undefined
    ? null
    : syntax(reading, `${reading.command.name} needs ${article(field)}: ${field.summary}`);
}

function put(reading: Reading, field: CommandField, value: string): Problem {
  if (reading.values.has(field.name)) {
    return syntax(reading, `The ${fieldOption(field)} is given twice.`);
  }
  reading.values.set(field.name, value);
  return null;
}

/** Several words as they were written; a single quotation without its marks. */
function proseOf(reading: Reading, tokens: readonly Token[]): string {
  const [first] = tokens;
  const last = tokens[tokens.length - 1];
  if (first === undefined || last === undefined) return '';
  return tokens.length === 1 ? first.text : reading.text.slice(first.start, last.end);
}

function article(field: CommandField): string {
  const name = fieldOption(field);
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function syntax(reading: Reading, message: string, hint = ''): Refused {
  const example = reading.command.examples[0];
  const shown = example === undefined ? '' : ` For example: ${example}`;
  const next = `${hint === '' ? '' : `${hint} `}Write: ${usage(reading.command)}.${shown}`;
  return no(refusal('command.syntax', message, next));
}
