import { frames, joined } from './frames.ts';

/** One client of the shared backend. */
export interface Session {
  readonly id: number;
  /** Channels it listens to. */
  readonly channels: Set<string>;
  /** Names of its prepared statements in the backend. */
  readonly statements: Set<string>;
  /** Bytes that do not yet make a whole unit of work. */
  readonly inbox: Buffer[];
  started: boolean;
  /** The statements that make the settings its own that it asked for when it connected. */
  settings: string;
}

export function newSession(id: number): Session {
  return {
    id,
    channels: new Set(),
    statements: new Set(),
    inbox: [],
    started: false,
    settings: '',
  };
}

/** A unit of work: what a client sends up to a point where the server answers "ready". */
export type Unit =
  | { readonly kind: 'startup' }
  | { readonly kind: 'work'; readonly bytes: Buffer }
  | { readonly kind: 'terminate' };

/** Adds bytes and takes out the units that are whole now. */
export function takeUnits(session: Session, bytes: Buffer): readonly Unit[] {
  session.inbox.push(bytes);
  const all = joined(session.inbox);
  const units: Unit[] = [];
  let from = 0;
  if (!session.started) {
    if (all.length < 4 || all.length < all.readInt32BE(0)) return units;
    from = all.readInt32BE(0);
    session.started = true;
    session.settings = startupSettings(all.toString('utf8', 8, from));
    units.push({ kind: 'startup' });
  }
  for (const { type, end } of frames(all, from)) {
    if (type === 'X') units.push({ kind: 'terminate' });
    // A simple query, or the Sync that closes an extended one.
    if (type === 'Q' || type === 'S') {
      units.push({ kind: 'work', bytes: all.subarray(from, end) });
      from = end;
    }
  }
  session.inbox.length = 0;
  if (from < all.length) session.inbox.push(all.subarray(from));
  return units;
}

/** Reads `-c name=value` out of the startup parameters, which are pairs of texts that end in NUL. */
function startupSettings(parameters: string): string {
  const words = parameters.split('\0');
  const given = words[words.indexOf('options') + 1] ?? '';
  return [...given.matchAll(/-c\s*([a-z_.]+)=(\S+)/g)]
    .map(([, name, value]) => `SET ${name} TO ${value}`)
    .join('; ');
}
