import { frame, frames, joined } from './frames.ts';

/**
 * Gives the named statements of one session names of their own. All sessions share one backend, so
 * two that prepare a statement under the same name would collide.
 * `known` collects the names in the backend, for `forgetStatements`.
 */
export function ownStatementNames(unit: Buffer, session: number, known: Set<string>): Buffer {
  const parts: Buffer[] = [];
  let changed = false;
  for (const { type, start, end } of frames(unit)) {
    const at = nameOffset(unit, type, start);
    if (at === null || unit[at] === 0) {
      parts.push(unit.subarray(start, end));
      continue;
    }
    const nameEnd = unit.indexOf(0, at);
    const name = `${session}:${unit.toString('utf8', at, nameEnd)}`;
    if (type === 'P') known.add(name);
    changed = true;
    parts.push(
      frame(
        type,
        Buffer.concat([
          unit.subarray(start + 5, at),
          Buffer.from(name),
          unit.subarray(nameEnd, end),
        ]),
      ),
    );
  }
  return changed ? joined(parts) : unit;
}

/** Where a frame carries the name of a statement: Parse, Bind (after the portal), Describe, Close. */
function nameOffset(unit: Buffer, type: string, start: number): number | null {
  if (type === 'P') return start + 5;
  if (type === 'B') return unit.indexOf(0, start + 5) + 1;
  if ((type === 'D' || type === 'C') && unit[start + 5] === 0x53) return start + 6;
  return null;
}

/** The unit that removes statements from the backend; null when there are none. */
export function forgetStatements(names: ReadonlySet<string>): Buffer | null {
  if (names.size === 0) return null;
  const closes = [...names].map((name) => frame('C', Buffer.from(`S${name}\0`)));
  return joined([...closes, frame('S', Buffer.alloc(0))]);
}
