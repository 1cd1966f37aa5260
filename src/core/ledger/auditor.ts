import { sameBytes } from './bytes.ts';
import { appendLeaf, type CompactRange, emptyRange, rangeRoot } from './compact-range.ts';
import { chainHash, chainStart, type Digest, leafHash } from './hashes.ts';
import { utf8 } from './utf8.ts';

/** An event as it is stored or exported, for checking. */
export interface AuditedEntry {
  readonly seq: number;
  readonly at: number;
  readonly stream: string;
  readonly version: number;
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly prevHash: Uint8Array;
  readonly leafHash: Uint8Array;
  /** Null in an export, which does not carry it. */
  readonly nodeHash: Uint8Array | null;
}

export type FindingCode =
  /** A row is missing, or one is there twice. */
  | 'gap'
  /** The bytes do not hash to the stored hash: the row was edited. */
  | 'edited'
  /** The stored hash of the row before does not lead here: history was cut and joined. */
  | 'broken_chain'
  | 'broken_tree'
  /** A column beside the bytes says something else than the bytes. */
  | 'mislabelled'
  | 'time_backwards'
  | 'version_gap'
  /** A checkpoint knows more events than there are. */
  | 'cut'
  /** A checkpoint knows another root for the same size: history was rewritten. */
  | 'rewritten'
  /** The head of an export is not that of its events. */
  | 'wrong_head'
  /** A checkpoint is malformed or not signed by the key. */
  | 'untrusted_checkpoint';

export interface Finding {
  readonly code: FindingCode;
  /** Where; null when it concerns the whole. */
  readonly seq: number | null;
  readonly message: string;
}

/** A tree that a signed checkpoint vouches for. */
export interface VouchedTree {
  readonly size: number;
  readonly root: Uint8Array;
}

export interface AuditSummary {
  readonly size: number;
  readonly chain: Uint8Array;
  readonly root: Uint8Array;
  /** At most 100; `found` counts all. */
  readonly findings: readonly Finding[];
  readonly found: number;
  /** How many of the vouched trees agree. */
  readonly agreed: number;
}

/** Checks a history entry by entry. Pure: entries are given in the order in which they are stored. */
export interface Auditor {
  add(entry: AuditedEntry): void;
  note(finding: Finding): void;
  /** Ends the check. `claimed` is where the history says that it ends, if it does. */
  finish(claimed?: ClaimedHead): AuditSummary;
}

export interface ClaimedHead extends VouchedTree {
  readonly chain: Uint8Array;
}

/** Starts a check against the trees that checkpoints vouch for. */
export function createAuditor(digest: Digest, vouched: readonly VouchedTree[]): Auditor {
  const findings: Finding[] = [];
  const versions = new Map<string, number>();
  const expected = vouched.toSorted((a, b) => a.size - b.size);
  let found = 0;
  let agreed = 0;
  let compared = 0;
  let seq = 0;
  let at = 0;
  let chain = chainStart;
  let range: CompactRange = emptyRange;

  function note(finding: Finding): void {
    found += 1;
    if (findings.length < 100) findings.push(finding);
  }

  function check(right: boolean, code: FindingCode, message: string): void {
    if (!right) note({ code, seq, message });
  }

  function compare(): void {
    for (let tree = expected[compared]; tree?.size === range.size; tree = expected[compared]) {
      compared += 1;
      if (sameBytes(rangeRoot(digest, range), tree.root)) agreed += 1;
      else {
        const message = `A checkpoint of ${tree.size} events has another root: history was rewritten`;
        note({ code: 'rewritten', seq: null, message });
      }
    }
  }

  function add(entry: AuditedEntry): void {
    seq += 1;
    if (entry.seq !== seq) {
      note({ code: 'gap', seq, message: `Event ${seq} is missing; event ${entry.seq} follows` });
      seq = entry.seq;
    }
    const leaf = leafHash(digest, entry.bytes);
    check(sameBytes(leaf, entry.leafHash), 'edited', 'The bytes do not match their hash');
    check(
      sameBytes(entry.prevHash, chain),
      'broken_chain',
      'The event does not continue the one before it',
    );
    check(isLabelled(entry), 'mislabelled', 'The columns do not say what the bytes say');
    check(entry.at >= at, 'time_backwards', 'The event is older than the one before it');
    const version = (versions.get(entry.stream) ?? 0) + 1;
    check(entry.version === version, 'version_gap', 'The stream has a gap before the event');
    versions.set(entry.stream, entry.version);
    at = entry.at;
    chain = chainHash(digest, entry.prevHash, entry.leafHash);
    range = appendLeaf(digest, range, leaf);
    const node = range.frontier.at(-1);
    check(
      entry.nodeHash === null || (node !== undefined && sameBytes(entry.nodeHash, node)),
      'broken_tree',
      'The stored node of the tree is not that of the events',
    );
    compare();
  }

  function finish(claimed?: ClaimedHead): AuditSummary {
    for (const tree of expected.slice(compared)) {
      const message = `A checkpoint knows ${tree.size} events; there are ${range.size}`;
      note({ code: 'cut', seq: null, message });
    }
    const root = rangeRoot(digest, range);
    if (claimed !== undefined) {
      const same = sameBytes(claimed.root, root) && sameBytes(claimed.chain, chain);
      const message = `The head speaks of ${claimed.size} events; there are ${range.size}, or other ones`;
      if (claimed.size !== range.size || !same) note({ code: 'wrong_head', seq: null, message });
    }
    return { size: range.size, chain, root, findings, found, agreed };
  }

  compare();
  return { add, note, finish };
}

/**
 * Whether the columns are what the bytes say, without parsing them: keys are in canonical order,
 * so the last members are known to the byte, and the first `,"at":` is the event's own because
 * an actor has no such member.
 */
function isLabelled({ bytes, seq, at, stream, version, kind }: AuditedEntry): boolean {
  const end = utf8(
    `,"format":1,"kind":${JSON.stringify(kind)},"seq":${seq},"stream":${JSON.stringify(stream)},"version":${version}}`,
  );
  if (!sameBytes(bytes.subarray(Math.max(0, bytes.length - end.length)), end)) return false;
  const start = indexOf(bytes, atMember);
  const time = utf8(`${at},"body":{`);
  const from = start + atMember.length;
  return start >= 0 && sameBytes(bytes.subarray(from, from + time.length), time);
}

const atMember = utf8(',"at":');

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  const first = wanted[0] ?? 0;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (sameBytes(bytes.subarray(at, at + wanted.length), wanted)) return at;
  }
  return -1;
}
