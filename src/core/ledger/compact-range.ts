import { type Digest, emptyRoot, type Hasher, nodeHash } from './hashes.ts';

/**
 * A tree reduced to the roots of its perfect subtrees, largest first: one per set bit of the
 * size. Enough to append and to know the root, at most 53 hashes however large the tree.
 */
export interface CompactRange {
  readonly size: number;
  readonly frontier: readonly Uint8Array[];
}

export const emptyRange: CompactRange = { size: 0, frontier: [] };

/** The range with one more leaf. One node hash per append on average. */
export function appendLeaf(digest: Digest, range: CompactRange, leaf: Uint8Array): CompactRange {
  const frontier = [...range.frontier];
  let node = leaf;
  for (let rest = range.size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    const left = frontier.pop();
    if (left === undefined) throw new Error('The frontier is shorter than the size demands');
    node = nodeHash(digest, left, node);
  }
  frontier.push(node);
  return { size: range.size + 1, frontier };
}

/** Root of the whole tree (RFC 6962 section 2.1), folded from the smallest subtree up. */
export function rangeRoot(digest: Digest, range: CompactRange): Uint8Array {
  let root: Uint8Array | null = null;
  for (const node of [...range.frontier].reverse()) {
    root = root === null ? node : nodeHash(digest, node, root);
  }
  return root ?? emptyRoot(digest);
}

/** A tree that grows leaf by leaf, for going through long histories. */
export interface GrowingTree {
  /** Adds a leaf; returns the root of the largest perfect subtree that it completes. */
  add(leaf: Uint8Array): Uint8Array;
  size(): number;
  root(): Uint8Array;
  /** Roots of the perfect subtrees, largest first. */
  frontier(): readonly Uint8Array[];
}

/** Starts an empty tree. */
export function growTree(hasher: Hasher): GrowingTree {
  const frontier: Uint8Array[] = [];
  let size = 0;
  return {
    add(leaf) {
      let node = leaf;
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
        const left = frontier.pop();
        if (left !== undefined) node = hasher.node(left, node);
      }
      frontier.push(node);
      size += 1;
      return node;
    },
    size: () => size,
    frontier: () => [...frontier],
    root: () => rangeRoot(hasher.digest, { size, frontier }),
  };
}
