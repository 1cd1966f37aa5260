import { didYouMean } from '#core/did-you-mean.ts';

/** Where in the settings: member names and list indexes from the top. */
export type SettingsPath = readonly (string | number)[];

/** Something wrong in the settings or the environment, for a person to put right. */
export interface Problem {
  readonly path: SettingsPath;
  /** The value as given, shortened. */
  readonly given: string;
  /** What was expected instead: a form, or the names that would do. */
  readonly expected: string;
  /** The name that was probably meant. */
  readonly meant: string | null;
}

/** Builds a problem. */
export function problem(path: SettingsPath, given: unknown, expected: string): Problem {
  return { path, given: show(path, given), expected, meant: null };
}

/** A name that names nothing: says what there is, and what was probably meant. */
export function unknownName(
  path: SettingsPath,
  given: string,
  what: string,
  known: Iterable<string>,
): Problem {
  const names = [...known].sort();
  const expected = names.length === 0 ? `${what}, and there is none` : `${what}: ${listed(names)}`;
  return { path, given: show(path, given), expected, meant: didYouMean(given, names) };
}

/** Writes a path as people point: `services.shop.environments.staging.waves[0][1]`. */
export function showPath(path: SettingsPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[\w-]+$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text === '' ? '(the whole file)' : text;
}

function show(path: SettingsPath, given: unknown): string {
  if (given === undefined) return 'nothing';
  if (/secret|token|password|private.?key/i.test(String(path.at(-1)))) return '[hidden]';
  const text = JSON.stringify(given) ?? String(given);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

function listed(names: readonly string[]): string {
  return names.length <= 20 ? names.join(', ') : `${names.slice(0, 20).join(', ')} ...`;
}
