/** What stands for a value that must not be seen. */
export const redacted = '[redacted]';

const secretNames =
  /(?:token|secret|password|passwd|passphrase|authorization|cookie|credential|private_?key|api_?key)s?$/i;

/** Texts that give themselves away, and what is left of them. */
const secretTexts: readonly (readonly [pattern: RegExp, left: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, redacted],
  // Slack: bot, user, app-level, refresh and configuration tokens; incoming webhooks.
  [/\b(?:xox[a-z]|xapp|xwfp)-[\w-]{8,}/g, redacted],
  [/\bxoxe\.[\w.-]{8,}/g, redacted],
  [/(hooks\.slack\.com\/\w+\/)[\w/]+/g, `$1${redacted}`],
  // Discord: bot tokens, and webhooks and interactions with the token in the path.
  [/\b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g, redacted],
  [/(\/(?:webhooks|interactions)\/\d+\/)[\w-]{20,}/g, `$1${redacted}`],
  [/\b(Bearer|Basic|Bot)\s+[\w.~+/-]{8,}=*/gi, `$1 ${redacted}`],
  [/\beyJ[\w-]{4,}\.[\w-]{4,}\.[\w-]*/g, redacted],
  [/\b(?:gh[a-z]_|github_pat_|glpat-)\w{16,}/g, redacted],
  [/\bA(?:KIA|SIA)[A-Z0-9]{16}\b/g, redacted],
  // scheme://user:password@host; the password may hold an @ that nobody encoded.
  [/\b([a-z][a-z\d+.-]*:\/\/[^\s:/?#@]*):[^\s/?#]*@/gi, `$1:${redacted}@`],
  [
    /([?&;](?:[\w-]*(?:token|secret|password|signature|api_?key)|sig|code)=)[^\s&;#]+/gi,
    `$1${redacted}`,
  ],
];

const longest = 8000;
const deepest = 8;

/** The text without what looks like a secret, cut at 8,000 characters. */
export function redactText(text: string): string {
  let seen = text.length > longest ? `${text.slice(0, longest)} …` : text;
  for (const [pattern, left] of secretTexts) seen = seen.replace(pattern, left);
  return seen;
}

/** What may still be written of one value. Also ends a walk around a circle. */
interface Budget {
  members: number;
}

/** A copy of the value, fit for a log: JSON-safe, of bounded size, without secrets. */
export function redact(value: unknown): unknown {
  return copy(value, 0, { members: 1000 });
}

function copy(value: unknown, depth: number, budget: Budget): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return redactText(value.href);
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (depth >= deepest || budget.members <= 0) return '[more]';
  if (Array.isArray(value) || value instanceof Set) return copyList([...value], depth, budget);
  return copyMembers(membersOf(value), depth, budget);
}

function copyList(items: readonly unknown[], depth: number, budget: Budget): readonly unknown[] {
  const shown = items.slice(0, Math.max(0, budget.members));
  budget.members -= shown.length;
  return shown.map((each) => copy(each, depth + 1, budget));
}

function copyMembers(
  members: readonly (readonly [unknown, unknown])[],
  depth: number,
  budget: Budget,
): Readonly<Record<string, unknown>> {
  const seen: Record<string, unknown> = {};
  const shown = members.slice(0, Math.max(0, budget.members));
  budget.members -= shown.length;
  for (const [key, member] of shown) {
    const name = String(key);
    seen[redactText(name)] = hides(name, member) ? redacted : copy(member, depth + 1, budget);
  }
  return seen;
}

function membersOf(value: object): readonly (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value];
  if (!(value instanceof Error)) return Object.entries(value);
  // These do not show among an error's entries. Drivers hang whole clients on theirs: left out.
  const { name, message, stack, cause } = value;
  const own = Object.entries({ name, message, stack, cause });
  const flat = Object.entries(value).filter(([key, member]) => {
    return typeof member !== 'object' || key === 'errors';
  });
  return [...own.filter(([, member]) => member !== undefined), ...flat];
}

/** Numbers and flags under such a name are counts and switches. */
function hides(name: string, member: unknown): boolean {
  return secretNames.test(name) && (typeof member === 'string' || typeof member === 'object');
}
