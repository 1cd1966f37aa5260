import { z } from 'zod';

/** A label's name, as the data model of Prometheus allows it everywhere. */
export const LabelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'the name of a label');

/** A metric's name. */
export const MetricName = z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, 'the name of a metric');

/** How a label must be: exactly a text, matching a pattern (RE2, anchored), or not so. */
const Matcher = z.union([
  z.string(),
  z.strictObject({ matches: z.string() }),
  z.strictObject({ not: z.string() }),
  z.strictObject({ notMatches: z.string() }),
]);
type Matcher = z.infer<typeof Matcher>;

/** Labels by name; placeholders may stand in the values. */
export const Matchers = z.record(LabelName, Matcher);
export type Matchers = z.infer<typeof Matchers>;

/** A selector whose values still hold their placeholders; later matchers of a label win. */
export function selectorOf(metric: string, ...all: readonly Matchers[]): string {
  const merged: Matchers = Object.assign({}, ...all);
  const parts = Object.entries(merged).map(([label, matcher]) => `${label}${written(matcher)}`);
  return `${metric}{${parts.join(',')}}`;
}

function written(matcher: Matcher): string {
  if (typeof matcher === 'string') return `="${quoted(matcher)}"`;
  if ('matches' in matcher) return `=~"${quoted(matcher.matches)}"`;
  if ('not' in matcher) return `!="${quoted(matcher.not)}"`;
  return `!~"${quoted(matcher.notMatches)}"`;
}

/** The value as the settings have it, within quotes: its placeholders are filled in later. */
function quoted(value: string): string {
  return value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
}
