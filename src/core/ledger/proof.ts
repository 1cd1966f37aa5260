import { sameBytes } from './bytes.ts';
import { type Digest, nodeHash } from './hashes.ts';

/** The hash of the leaf at an index, counted from 0. */
export type LeafAt = (index: number) => Uint8Array;

/** Root of the leaves `from <= index < to` (RFC 6962 section 2.1); there must be at least one. */
export function subtreeRoot(digest: Digest, leaf: LeafAt, from: number, to: number): Uint8Array {
  if (to - from === 1) return leaf(from);
  const middle = from + splitOf(to - from);
  const left = subtreeRoot(digest, leaf, from, middle);
  return nodeHash(digest, left, subtreeRoot(digest, leaf, middle, to));
}

/**
 * The audit path that shows that the leaf at `index` is in the tree of `size` leaves: the siblings
 * on the way up, lowest first (RFC 6962 section 2.1.1).
 */
export function inclusionPath(
  digest: Digest,
  leaf: LeafAt,
  index: number,
  size: number,
): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      path.push(subtreeRoot(digest, leaf, middle, to));
      to = middle;
    } else {
      path.push(subtreeRoot(digest, leaf, from, middle));
      from = middle;
    }
  }
  return path.reverse();
}

/** Whether the path leads from the leaf at `index` to the root (RFC 9162 section 2.1.3.2). */
export function includes(
  digest: Digest,
  claim: { readonly leaf: Uint8Array; readonly index: number; readonly size: number },
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (claim.index >= claim.size) return false;
  const turns = climb(claim.index, claim.size - 1, path.length);
  let node = claim.leaf;
  for (const [step, sibling] of path.entries()) {
    node =
      turns?.[step] === 'left' ? nodeHash(digest, sibling, node) : nodeHash(digest, node, sibling);
  }
  return turns !== null && sameBytes(node, root);
}

/**
 * The proof that the tree of `size` leaves continues the tree of its first `older` leaves
 * (RFC 6962 section 2.1.2). Empty when the two are the same; `older` must not be 0.
 */
export function consistencyPath(
  digest: Digest,
  leaf: LeafAt,
  older: number,
  size: number,
): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  let from = 0;
  let to = size;
  let whole = true;
  while (older !== to) {
    const middle = from + splitOf(to - from);
    if (older <= middle) {
      path.push(subtreeRoot(digest, leaf, middle, to));
      to = middle;
    } else {
      path.push(subtreeRoot(digest, leaf, from, middle));
      from = middle;
      whole = false;
    }
  }
  if (!whole) path.push(subtreeRoot(digest, leaf, from, to));
  return path.reverse();
}

/** A tree as two people may know it: so many leaves with this root. */
export interface KnownTree {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Whether the path shows that `newer` continues `older` (RFC 9162 section 2.1.4.2). */
export function continues(
  digest: Digest,
  older: KnownTree,
  newer: KnownTree,
  path: readonly Uint8Array[],
): boolean {
  if (older.size === 0 || older.size > newer.size) return false;
  if (older.size === newer.size) return path.length === 0 && sameBytes(older.root, newer.root);
  const steps = isPowerOfTwo(older.size) ? [older.root, ...path] : path;
  const [first, ...rest] = steps;
  if (first === undefined) return false;
  let at = older.size - 1;
  let last = newer.size - 1;
  while (odd(at)) [at, last] = [half(at), half(last)];
  const turns = climb(at, last, rest.length);
  let oldNode = first;
  let newNode = first;
  for (const [step, sibling] of rest.entries()) {
    const left = turns?.[step] === 'left';
    if (left) oldNode = nodeHash(digest, sibling, oldNode);
    newNode = left ? nodeHash(digest, sibling, newNode) : nodeHash(digest, newNode, sibling);
  }
  return turns !== null && sameBytes(oldNode, older.root) && sameBytes(newNode, newer.root);
}

/**
 * On which side the sibling stands at each step up from the node at `index`, where `last` is the
 * index of the last node at that height; null when so many steps do not end at the root.
 */
function climb(index: number, last: number, steps: number): readonly ('left' | 'right')[] | null {
  const turns: ('left' | 'right')[] = [];
  let [at, end] = [index, last];
  for (let step = 0; step < steps; step++) {
    if (end === 0) return null;
    turns.push(odd(at) || at === end ? 'left' : 'right');
    // The last node of an odd row has no sibling there: it rises until it has one.
    while (at === end && !odd(at) && at !== 0) [at, end] = [half(at), half(end)];
    [at, end] = [half(at), half(end)];
  }
  return end === 0 ? turns : null;
}

/** The largest power of two smaller than `width`; sizes go beyond what bit operators can do. */
function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

function isPowerOfTwo(number: number): boolean {
  let rest = number;
  while (!odd(rest)) rest = half(rest);
  return rest === 1;
}

function odd(number: number): boolean {
  return number % 2 === 1;
}

function half(number: number): number {
  return Math.floor(number / 2);
}
