import type { CommandDescriptor } from '#core/command.ts';
import type { InteractionPayload } from './payloads.ts';

/** A subcommand as it was typed: its name and values by field. */
export interface Typed {
  readonly command: string;
  readonly values: Readonly<Record<string, string>>;
  /** The field that is being typed, for completion. */
  readonly focused: string | null;
}

interface Given {
  readonly name: string;
  readonly value?: string | number | boolean | undefined;
  readonly focused?: boolean | undefined;
}

/** Reads the subcommand, which may stand in a group. */
export function typedIn({ data }: InteractionPayload): Typed | null {
  const [top] = data.options;
  if (top === undefined) return null;
  const [inner] = top.options ?? [];
  if (inner?.options !== undefined) return { command: inner.name, ...valuesOf(inner.options) };
  if (inner !== undefined && inner.value === undefined)
    return { command: inner.name, ...valuesOf([]) };
  return { command: top.name, ...valuesOf(top.options ?? []) };
}

function valuesOf(given: readonly Given[]): Omit<Typed, 'command'> {
  const entries = given
    .filter(({ value }) => value !== undefined && value !== false)
    .map(({ name, value }) => [name, String(value)] as const);
  return {
    values: Object.fromEntries(entries),
    focused: given.find(({ focused }) => focused === true)?.name ?? null,
  };
}

/** The fields by their own names again: Discord knows them in lower case. */
export function restored(typed: Typed, commands: readonly CommandDescriptor[]): Typed {
  const fields = commands.find(({ name }) => name === typed.command)?.fields ?? [];
  const own = (name: string) =>
    fields.find((field) => field.name.toLowerCase() === name)?.name ?? name;
  const entries = Object.entries(typed.values).map(([name, value]) => [own(name), value]);
  const focused = typed.focused === null ? null : own(typed.focused);
  return { command: typed.command, values: Object.fromEntries(entries), focused };
}

/** The command line that it stands for: every value named and in quotation marks. */
export function lineOf({ command, values }: Typed): string {
  const options = Object.entries(values).map(([name, value]) =>
    value === 'true' ? `--${name}` : `--${name}=${quoted(value)}`,
  );
  return [command, ...options].join(' ');
}

function quoted(value: string): string {
  const line = value.replace(/\s+/g, ' ').trim();
  return `"${line.replace(/[\\"“”„«»]/g, (mark) => (mark === '\\' ? '\\\\' : '\\"'))}"`;
}
