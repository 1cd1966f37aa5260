import type { z } from 'zod';
import { type Problem, problem, type SettingsPath, unknownName } from './problem.ts';

type Issue = z.core.$ZodIssue;
/** Names that may stand at a path, as the schema has them: for suggestions. */
type KeysAt = (path: SettingsPath) => readonly string[];

/** Turns what a schema found into problems, each at the place where it is to be mended. */
export function readIssues(
  issues: readonly Issue[],
  root: unknown,
  prefix: SettingsPath = [],
  keysAt: KeysAt = () => [],
): readonly Problem[] {
  return issues.flatMap((issue) => readIssue(issue, root, prefix, keysAt));
}

function readIssue(
  issue: Issue,
  root: unknown,
  prefix: SettingsPath,
  keysAt: KeysAt,
): readonly Problem[] {
  const inner = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const path = [...prefix, ...inner];
  const given = valueAt(root, inner);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        unknownName([...path, key], key, 'a known name', keysAt(path)),
      );
    case 'invalid_key':
      return [problem(path, path.at(-1), issue.issues[0]?.message ?? 'a valid name')];
    case 'invalid_value':
      if (typeof given === 'string' && issue.values.length > 1) {
        return [unknownName(path, given, 'one of', issue.values.map(String))];
      }
      return [
        problem(path, given, issue.values.map((value) => JSON.stringify(value)).join(' or ')),
      ];
    case 'invalid_union':
      return [problem(path, given, unionForm(issue))];
    default:
      return [problem(path, given, expectedForm(issue.message))];
  }
}

function unionForm(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  if ('options' in issue && Array.isArray(issue.options)) {
    return `one of: ${issue.options.map(String).join(', ')}`;
  }
  const forms = issue.errors.flatMap(([first]) => (first === undefined ? [] : [first.message]));
  return [...new Set(forms.map(expectedForm))].join(', or ');
}

/** Zod says "Invalid input: expected string, received undefined"; the form is what counts here. */
function expectedForm(message: string): string {
  const [, form] = /expected (.+?)(?:, received .+)?$/s.exec(message) ?? [];
  return form ?? message;
}

function valueAt(root: unknown, path: SettingsPath): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === String(part))?.[1];
  }
  return value;
}
