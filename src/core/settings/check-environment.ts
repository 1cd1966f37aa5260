import { Environment, isSecret } from './environment.ts';
import { type Problem, problem, unknownName } from './problem.ts';
import { readIssues } from './read-issues.ts';

/** The environment, typed, or everything that is wrong with it. */
export type CheckedEnvironment =
  | { readonly ok: true; readonly environment: Environment }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Checks the variables of a process. `readFile` reads what a `<NAME>_FILE` points at; null when it
 * cannot. Values never appear in a problem when they are secret.
 */
export function checkEnvironment(
  given: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string | null,
): CheckedEnvironment {
  const known = Object.keys(Environment.shape);
  const values: Record<string, string> = {};
  const problems: Problem[] = unknownVariables(given, known);
  for (const name of known) {
    const value = readVariable(name, given, readFile);
    if (typeof value === 'string') values[name] = value;
    else if (value !== undefined) problems.push(value);
  }
  const parsed = Environment.safeParse(values);
  if (!parsed.success) {
    const shown = Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, isSecret(name) ? '[hidden]' : value]),
    );
    problems.push(...readIssues(parsed.error.issues, shown));
  }
  if (!parsed.success || problems.length > 0) return { ok: false, problems };
  return { ok: true, environment: parsed.data };
}

/** The value itself, from the variable or from the file that it names; undefined when neither is set. */
function readVariable(
  name: string,
  given: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string | null,
): string | Problem | undefined {
  const direct = given[name];
  const fileName = `${name}_FILE`;
  const file = isSecret(name) ? given[fileName] : undefined;
  if (file === undefined) return direct;
  if (direct !== undefined) return problem([fileName], file, `only one of ${name} and ${fileName}`);
  return readFile(file)?.trimEnd() ?? problem([fileName], file, 'a readable file');
}

function unknownVariables(
  given: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): Problem[] {
  const names = [...known, ...known.filter(isSecret).map((name) => `${name}_FILE`)];
  return Object.keys(given)
    .filter((name) => name.startsWith('SIGNALBOX_') && !names.includes(name))
    .sort()
    .map((name) => ({
      ...unknownName([name], name, 'a variable that Signalbox reads', names),
      given: 'set',
      expected: 'a variable that Signalbox reads (docs/configuration.md)',
    }));
}
