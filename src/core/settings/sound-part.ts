import type { z } from 'zod';
import type { SettingsPath } from './problem.ts';
import { Settings } from './settings.ts';

/** What can be read of a file whose form is wrong in places. */
interface SoundPart {
  readonly settings: Settings;
  /** Names of what was left out: what refers to them may be right. */
  readonly lost: ReadonlySet<string>;
}

/** Each round leaves something out; a file with more wrong places is judged by its form alone. */
const maxRounds = 50;

/**
 * Leaves out the members whose form is wrong, and then those that cannot be without them, until the
 * rest has the right form: so that its names can be checked in the same run. Null when a whole section
 * is missing or of a wrong form: then nothing can be said of the names in it.
 */
export function soundPart(given: unknown): SoundPart | null {
  const lost = new Set<string>();
  let rest = given;
  for (let round = 0; round < maxRounds; round += 1) {
    const parsed = Settings.safeParse(rest);
    if (parsed.success) return { settings: parsed.data, lost };
    for (const path of parsed.error.issues.flatMap(placesOf)) {
      if (path.length === 0 || isSection(path)) return null;
      rest = leaveOut(rest, path, lost);
    }
  }
  return null;
}

/** What is there goes; what is missing goes with whatever needs it. */
function leaveOut(rest: unknown, path: SettingsPath, lost: Set<string>): unknown {
  const found = entryAt(rest, path);
  const out = found === undefined ? path.slice(0, -1) : path;
  lost.add(String(out.at(-1)));
  for (const [name] of membersOf(entryAt(rest, out))) lost.add(name);
  return without(rest, out);
}

/** What an issue asks to leave out. Lists go as a whole, so that no place moves. */
function placesOf(issue: z.core.$ZodIssue): readonly SettingsPath[] {
  const path = issue.path.map(String);
  const list = issue.path.findIndex((part) => typeof part === 'number');
  if (list !== -1) return [path.slice(0, list)];
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

function isSection(path: SettingsPath): boolean {
  return path.length === 1 && Object.hasOwn(Settings.shape, String(path[0]));
}

function entryAt(value: unknown, path: SettingsPath): unknown {
  return path.reduce(
    (holder, part) => membersOf(holder).find(([name]) => name === part)?.[1],
    value,
  );
}

function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value);
}

function without(value: unknown, [part, ...below]: SettingsPath): unknown {
  return Object.fromEntries(
    membersOf(value).flatMap(([name, member]) => {
      if (name !== part) return [[name, member]];
      return below.length === 0 ? [] : [[name, without(member, below)]];
    }),
  );
}
