import { growTree } from './compact-range.ts';
import { createHasher, type Digest, type Hasher } from './hashes.ts';
import { isLabelled, type LabelledBytes } from './labels.ts';

/**
 * Events of one segment: a power of two, so that each full segment is a perfect subtree of its own
 * and segments can be checked at the same time.
 */
export const segmentSize = 65_536;

/** Consecutive events that are sound in themselves; what joins them to the others stands here. */
export interface Segment {
  readonly count: number;
  /** The chain before the first event, as it is stored, and after the last, as it was computed. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Roots of the segment's own perfect subtrees, largest first. */
  readonly frontier: readonly Uint8Array[];
  /** The stored node of the event that ends a full segment: its subtree reaches further back. */
  readonly endNode: Uint8Array | null;
  /** By stream: the first and the last version in the segment. */
  readonly versions: ReadonlyMap<string, readonly [first: number, last: number]>;
  /** The segment's subtrees when the whole history had these sizes. */
  readonly asOf: ReadonlyMap<number, readonly Uint8Array[]>;
}

/** Hashes of one event, to be held against the stored ones. */
export interface EventHashes {
  readonly prev: Uint8Array;
  readonly leaf: Uint8Array;
  /** Within the segment; for the last event of a full one, not what is stored. */
  readonly node: Uint8Array;
}

export interface SegmentCheck {
  /** Takes the next event. Null when it is not sound: then nothing more needs to be given. */
  add(event: LabelledBytes): EventHashes | null;
  finish(endNode: Uint8Array | null): Segment;
}

/**
 * Checks events from `from` on by themselves: numbers, labels, times, versions. It only tells sound
 * from unsound; what is wrong, the auditor finds by going through the whole history in order.
 * `sizes` are those of checkpoints within the segment.
 */
export function createSegmentCheck(
  digest: Digest,
  from: number,
  before: Uint8Array,
  sizes: ReadonlySet<number>,
): SegmentCheck {
  const hasher: Hasher = createHasher(digest);
  const tree = growTree(hasher);
  const versions = new Map<string, [number, number]>();
  const asOf = new Map<number, readonly Uint8Array[]>();
  let [seq, at, firstAt, chain] = [from - 1, -1, -1, before];

  function versionFollows(stream: string, version: number): boolean {
    const known = versions.get(stream);
    if (known === undefined) {
      versions.set(stream, [version, version]);
      return true;
    }
    if (version !== known[1] + 1) return false;
    known[1] = version;
    return true;
  }

  return {
    add(event) {
      if (event.seq !== seq + 1 || event.at < at) return null;
      if (!isLabelled(event) || !versionFollows(event.stream, event.version)) return null;
      if (firstAt < 0) firstAt = event.at;
      [seq, at] = [event.seq, event.at];
      const prev = chain;
      const leaf = hasher.leaf(event.bytes);
      chain = hasher.chain(prev, leaf);
      const node = tree.add(leaf);
      if (sizes.has(seq)) asOf.set(seq, tree.frontier());
      return { prev, leaf, node };
    },
    finish: (endNode) => ({
      count: seq - from + 1,
      before,
      after: chain,
      firstAt,
      lastAt: at,
      frontier: tree.frontier(),
      endNode,
      versions,
      asOf,
    }),
  };
}
