import type { AuditSummary, VouchedTree } from './auditor.ts';
import { sameBytes } from './bytes.ts';
import { rangeRoot } from './compact-range.ts';
import { chainStart, type Digest, nodeHash } from './hashes.ts';
import { type Segment, segmentSize } from './segment.ts';

/** Puts segments together in their order. */
export interface SegmentJoin {
  /** False when the segment does not continue what was joined before. */
  add(segment: Segment): boolean;
  /** Null when a checkpoint disagrees: what exactly is wrong, the auditor finds. */
  finish(): AuditSummary | null;
}

/** Starts before the first event. `vouched` are the trees that checkpoints vouch for. */
export function joinSegments(digest: Digest, vouched: readonly VouchedTree[]): SegmentJoin {
  const versions = new Map<string, number>();
  const frontier: Uint8Array[] = [];
  const roots = new Map<number, Uint8Array>([[0, rangeRoot(digest, { size: 0, frontier })]]);
  let [size, at, chain] = [0, 0, chainStart];

  /** The root of the largest subtree that a full segment completes. */
  function grow(root: Uint8Array): Uint8Array {
    let node = root;
    for (let rest = size / segmentSize; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = frontier.pop();
      if (left !== undefined) node = nodeHash(digest, left, node);
    }
    frontier.push(node);
    return node;
  }

  function continues(segment: Segment): boolean {
    if (segment.count === 0 || size % segmentSize !== 0) return false;
    if (!sameBytes(segment.before, chain) || segment.firstAt < at) return false;
    for (const [stream, [first, last]] of segment.versions) {
      if (first !== (versions.get(stream) ?? 0) + 1) return false;
      versions.set(stream, last);
    }
    return true;
  }

  return {
    add(segment) {
      if (!continues(segment)) return false;
      for (const [reached, within] of segment.asOf) {
        roots.set(
          reached,
          rangeRoot(digest, { size: reached, frontier: [...frontier, ...within] }),
        );
      }
      if (segment.count === segmentSize) {
        const [root] = segment.frontier;
        if (root === undefined || segment.endNode === null) return false;
        if (!sameBytes(grow(root), segment.endNode)) return false;
      } else {
        frontier.push(...segment.frontier);
      }
      [size, at, chain] = [size + segment.count, segment.lastAt, segment.after];
      return true;
    },
    finish() {
      const root = rangeRoot(digest, { size, frontier });
      const agreed = vouched.filter((tree) => {
        const known = roots.get(tree.size);
        return known !== undefined && sameBytes(known, tree.root);
      });
      if (agreed.length < vouched.length) return null;
      return { size, chain, root, findings: [], found: 0, agreed: agreed.length };
    },
  };
}
