/**
 * The expression of an alert as one that tells 1 where it holds and 0 where it does not, so that
 * absence means that there are no data. Null where it is no single comparison at its top: then only
 * its presence tells something.
 */
export function asCondition(promql: string): string | null {
  const text = unwrapped(promql.trim());
  const found: { readonly at: number; readonly operator: string }[] = [];
  for (const { at, rest } of topLevel(text)) {
    if (/^(and|or|unless|bool)\b/i.test(rest) && !/[\w:]/.test(text[at - 1] ?? '')) return null;
    const operator = /^(==|!=|>=|<=|>|<)/.exec(rest)?.[1];
    if (operator !== undefined && !isTail(text, at)) found.push({ at, operator });
  }
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) return null;
  const after = first.at + first.operator.length;
  return `${text.slice(0, after)} bool ${text.slice(after)}`;
}

/** The second character of an operator is none by itself. */
function isTail(text: string, at: number): boolean {
  return text[at] === '=' && /[<>=!]/.test(text[at - 1] ?? '');
}

/** Without brackets around the whole. */
function unwrapped(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  const inner = text.slice(1, -1);
  return isBalanced(inner) ? unwrapped(inner.trim()) : text;
}

function isBalanced(text: string): boolean {
  let lowest = 0;
  let depth = 0;
  for (const { character } of characters(text)) {
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    lowest = Math.min(lowest, depth);
  }
  return lowest === 0 && depth === 0;
}

function* topLevel(text: string): Generator<{ readonly at: number; readonly rest: string }> {
  let depth = 0;
  for (const { at, character } of characters(text)) {
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (depth === 0) yield { at, rest: text.slice(at, at + 8) };
  }
}

/** Texts in quotes and comments: what stands in them is no PromQL. */
const quoted = /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|`[^`]*`|#[^\n]*/g;

/** What is neither in quotes nor in a comment. */
function* characters(text: string): Generator<{ readonly at: number; readonly character: string }> {
  const bare = text.replaceAll(quoted, (found) => '"'.repeat(found.length));
  for (let at = 0; at < bare.length; at += 1) {
    const character = bare[at] ?? '';
    if (character !== '"') yield { at, character };
  }
}
