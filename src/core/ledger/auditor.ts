import { sameBytes } from './bytes.ts';
import { growTree } from './compact-range.ts';
import { chainStart, createHasher, type Digest } from './hashes.ts';
import { isLabelled, type LabelledBytes } from './labels.ts';

/** An event as it is stored or exported, for checking. */
export interface AuditedEntry extends LabelledBytes {
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
  const hasher = createHasher(digest);
  const tree = growTree(hasher);
  const findings: Finding[] = [];
  const versions = new Map<string, number>();
  const expected = vouched.toSorted((a, b) => a.size - b.size);
  let found = 0;
  let agreed = 0;
  let compared = 0;
  let seq = 0;
  let at = 0;
  let chain = chainStart;

  function note(finding: Finding): void {
    found += 1;
    if (findings.length < 100) findings.push(finding);
  }

  function check(right: boolean, code: FindingCode, message: string): void {
    if (!right) note({ code, seq, message });
  }

  function compare(): void {
    for (let next = expected[compared]; next?.size === tree.size(); next = expected[compared]) {
      compared += 1;
      if (sameBytes(tree.root(), next.root)) agreed += 1;
      else {
        const message = `A checkpoint of ${next.size} events has another root: history was rewritten`;
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
    const leaf = hasher.leaf(entry.bytes);
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
    chain = hasher.chain(entry.prevHash, entry.leafHash);
    const node = tree.add(leaf);
    check(
      entry.nodeHash === null || sameBytes(entry.nodeHash, node),
      'broken_tree',
      'The stored node of the tree is not that of the events',
    );
    compare();
  }

  function finish(claimed?: ClaimedHead): AuditSummary {
    const size = tree.size();
    const root = tree.root();
    for (const missing of expected.slice(compared)) {
      const message = `A checkpoint knows ${missing.size} events; there are ${size}`;
      note({ code: 'cut', seq: null, message });
    }
    if (claimed !== undefined) {
      const same = sameBytes(claimed.root, root) && sameBytes(claimed.chain, chain);
      const message = `The head speaks of ${claimed.size} events; there are ${size}, or other ones`;
      if (claimed.size !== size || !same) note({ code: 'wrong_head', seq: null, message });
    }
    return { size, chain, root, findings, found, agreed };
  }

  compare();
  return { add, note, finish };
}
