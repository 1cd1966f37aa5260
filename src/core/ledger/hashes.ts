import type { Digest } from '#core/canonical.ts';

export type { Digest } from '#core/canonical.ts';

/** The chain before the first event: 32 zero bytes. */
export const chainStart: Uint8Array = new Uint8Array(32);

/** Leaf of the tree (RFC 6962 section 2.1): SHA-256(0x00 || bytes). */
export function leafHash(digest: Digest, bytes: Uint8Array): Uint8Array {
  const input = new Uint8Array(bytes.length + 1);
  input.set(bytes, 1);
  return digest(input);
}

/** Inner node of the tree (RFC 6962 section 2.1): SHA-256(0x01 || left || right). */
export function nodeHash(digest: Digest, left: Uint8Array, right: Uint8Array): Uint8Array {
  return pairHash(digest, 1, left, right);
}

/** Next link of the chain: SHA-256(0x02 || previous || leaf). */
export function chainHash(digest: Digest, previous: Uint8Array, leaf: Uint8Array): Uint8Array {
  return pairHash(digest, 2, previous, leaf);
}

/** Root of the tree without leaves: SHA-256 of nothing. */
export function emptyRoot(digest: Digest): Uint8Array {
  return digest(new Uint8Array(0));
}

function pairHash(digest: Digest, tag: number, a: Uint8Array, b: Uint8Array): Uint8Array {
  const input = new Uint8Array(65);
  input[0] = tag;
  input.set(a, 1);
  input.set(b, 33);
  return digest(input);
}

/** The three hashes of the ledger for going through long histories: it reuses its input buffers. */
export interface Hasher {
  readonly digest: Digest;
  leaf(bytes: Uint8Array): Uint8Array;
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
  chain(previous: Uint8Array, leaf: Uint8Array): Uint8Array;
}

/** Makes a hasher; `digest` must not keep what it is given. */
export function createHasher(digest: Digest): Hasher {
  const pair = new Uint8Array(65);
  let input = new Uint8Array(4096);
  function ofPair(tag: number, a: Uint8Array, b: Uint8Array): Uint8Array {
    pair[0] = tag;
    pair.set(a, 1);
    pair.set(b, 33);
    return digest(pair);
  }
  return {
    digest,
    leaf(bytes) {
      if (bytes.length >= input.length) input = new Uint8Array(bytes.length * 2);
      input.set(bytes, 1);
      return digest(input.subarray(0, bytes.length + 1));
    },
    node: (left, right) => ofPair(1, left, right),
    chain: (previous, leaf) => ofPair(2, previous, leaf),
  };
}
