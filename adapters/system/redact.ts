import { redacted, redactText } from '#core/redact-text.ts';

const secretNames =
  /(?:token|secret|password|passwd|passphrase|authorization|cookie|credential|private_?key|api_?key)s?$/i;

const deepest = 8;

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
