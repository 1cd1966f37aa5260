import { isAlias, isNode, isPair, LineCounter, type Node, parseDocument, visit } from 'yaml';

/** A YAML text, read safely. `lineOf` points at the nearest thing that stands in the file. */
export interface YamlFile {
  readonly value: unknown;
  readonly problems: readonly YamlProblem[];
  /** Line of a member, from 1; of its nearest holder when it is missing. */
  lineOf(path: readonly (string | number)[]): number;
}

export interface YamlProblem {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** Larger files are refused unread: characters. */
const mostCharacters = 1_000_000;
/** How often aliases may be resolved: enough for anchors, too little for a bomb. */
const mostAliases = 100;

/**
 * Reads YAML 1.2 (core schema) as data: no tags of anybody's, no merge keys, no duplicate keys, one
 * document, text keys. Whatever is wrong is a problem with its line, never an exception.
 */
export function readYaml(text: string): YamlFile {
  if (text.length > mostCharacters) {
    return unread([{ line: 1, text: `expected at most ${mostCharacters} characters` }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    stringKeys: true,
    strict: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const lineAt = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const problems = [...document.errors, ...document.warnings].map((error) => ({
    line: lineAt(error.pos[0]),
    text: plain(error.message),
  }));
  // One mistake often makes the parser complain on every line after it.
  if (problems.length > 0) return unread(problems.slice(0, 10));
  const wrongAlias = firstWrongAlias(document);
  if (wrongAlias !== null) {
    return unread([{ line: lineAt(wrongAlias.offset), text: wrongAlias.text }]);
  }
  return {
    value: document.toJS({ maxAliasCount: mostAliases }) ?? {},
    problems: [],
    lineOf: (path) => lineAt(offsetOf(document.contents, path)),
  };
}

function unread(problems: readonly YamlProblem[]): YamlFile {
  return { value: undefined, problems, lineOf: () => 1 };
}

/** Aliases must name an earlier anchor, must not contain themselves, and must not be many. */
function firstWrongAlias(
  document: ReturnType<typeof parseDocument>,
): { readonly offset: number; readonly text: string } | null {
  let wrong: { offset: number; text: string } | null = null;
  let seen = 0;
  visit(document, {
    Alias(_key, alias, ancestors) {
      const offset = alias.range?.[0] ?? 0;
      const target = alias.resolve(document);
      seen += 1;
      if (target === undefined) wrong = { offset, text: `no anchor is called ${alias.source}` };
      else if (ancestors.includes(target)) wrong = { offset, text: 'an alias contains itself' };
      else if (seen > mostAliases || containsAlias(target)) {
        wrong = { offset, text: 'expected few aliases, and none that lead to aliases' };
      }
      return wrong === null ? undefined : visit.BREAK;
    },
  });
  return wrong;
}

/** Aliases of aliases multiply: a few lines could stand for gigabytes. */
function containsAlias(target: Node): boolean {
  let found = false;
  visit(target, {
    Alias() {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

function offsetOf(contents: unknown, path: readonly (string | number)[]): number {
  let offset = 0;
  let holder: unknown = contents;
  for (const part of path) {
    const member = memberOf(holder, part);
    if (member === null) break;
    offset = member.offset;
    holder = member.value;
  }
  return offset;
}

function memberOf(
  holder: unknown,
  part: string | number,
): { readonly offset: number; readonly value: unknown } | null {
  if (!isNode(holder) || isAlias(holder) || !('items' in holder)) return null;
  const { items } = holder;
  const item = typeof part === 'number' ? items[part] : items.find((one) => hasKey(one, part));
  if (isPair(item)) return { offset: startOf(item.key), value: item.value };
  return isNode(item) ? { offset: startOf(item), value: item } : null;
}

function hasKey(item: unknown, name: string): boolean {
  return isPair(item) && isNode(item.key) && item.key.toJSON() === name;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function plain(message: string): string {
  return message.replace(/; please use .*$/, '').replaceAll('\n', ' ');
}
