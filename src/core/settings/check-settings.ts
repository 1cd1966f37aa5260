import { checkFreezes } from './check-freezes.ts';
import { checkOptions } from './check-options.ts';
import { checkPath } from './check-path.ts';
import { checkPeople } from './check-people.ts';
import { checkQueries } from './check-queries.ts';
import { checkReferences } from './check-references.ts';
import { checkRoles } from './check-roles.ts';
import { settingsJsonSchema } from './json-schema.ts';
import type { Problem } from './problem.ts';
import { readIssues } from './read-issues.ts';
import type { Registries } from './registries.ts';
import { keysAt } from './schema-keys.ts';
import { Settings } from './settings.ts';
import { soundPart } from './sound-part.ts';

/** Settings that can be relied on, or everything that is wrong with them. */
export type CheckedSettings =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks a file's content: its form first; then names, options, roles, people, paths and times. */
export function checkSettings(given: unknown, registries: Registries): CheckedSettings {
  const parsed = Settings.safeParse(given);
  if (!parsed.success) {
    const schema = settingsJsonSchema(registries);
    const problems = readIssues(parsed.error.issues, given, [], (path) => keysAt(schema, path));
    return { ok: false, problems: [...problems, ...namesBeside(given, registries)] };
  }
  const settings = parsed.data;
  const problems = [
    ...checkReferences(settings),
    ...checkPath(settings),
    ...checkOptions(settings, registries),
    ...checkQueries(settings, registries),
    ...checkRoles(settings, registries),
    ...checkPeople(settings, registries),
    ...checkFreezes(settings),
  ];
  return problems.length === 0 ? { ok: true, settings } : { ok: false, problems };
}

/**
 * Unknown names and bad options in what has the right form, so that one run tells of them too. What
 * may be right once the form is mended is not held against the file.
 */
function namesBeside(given: unknown, registries: Registries): readonly Problem[] {
  const part = soundPart(given);
  if (part === null) return [];
  const lost = new Set([...part.lost].map((name) => JSON.stringify(name)));
  return [...checkReferences(part.settings), ...checkOptions(part.settings, registries)].filter(
    ({ path, given: said }) => path[0] !== 'freezes' && !lost.has(said),
  );
}
