import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '#core/ledger/bytes.ts';
import {
  appendLeaf,
  type CompactRange,
  emptyRange,
  rangeRoot,
} from '#core/ledger/compact-range.ts';
import { emptyRoot, leafHash } from '#core/ledger/hashes.ts';
import {
  consistencyPath,
  continues,
  includes,
  inclusionPath,
  subtreeRoot,
} from '#core/ledger/proof.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

function leaves(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, index) =>
    leafHash(sha256, Buffer.from(`leaf ${index}`)),
  );
}

function tree(count: number) {
  const all = leaves(count);
  const leaf = (index: number): Uint8Array => all[index] ?? new Uint8Array(0);
  let range: CompactRange = emptyRange;
  for (const each of all) range = appendLeaf(sha256, range, each);
  return { leaf, root: rangeRoot(sha256, range), range };
}

/** Any byte of any hash changed. */
function spoiled(path: readonly Uint8Array[], at: number): readonly Uint8Array[] {
  return path.map((hash, index) =>
    index === at % path.length ? hash.map((byte, i) => (i === at % 32 ? byte ^ 1 : byte)) : hash,
  );
}

/** The tree of the certificate transparency test data: eight leaves, roots after each. */
const inputs = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the tree', () => {
  it('has the roots that everybody else computes', () => {
    let range: CompactRange = emptyRange;
    expect(toHex(rangeRoot(sha256, range))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(rangeRoot(sha256, range)).toEqual(emptyRoot(sha256));
    for (const [index, input] of inputs.entries()) {
      range = appendLeaf(sha256, range, leafHash(sha256, Buffer.from(input, 'hex')));
      expect(toHex(rangeRoot(sha256, range))).toBe(roots[index]);
    }
  });

  it('is the same from its frontier as from its leaves', () => {
    for (let size = 1; size <= 70; size++) {
      const { leaf, root, range } = tree(size);
      expect(toHex(root)).toBe(toHex(subtreeRoot(sha256, leaf, 0, size)));
      expect(range.frontier.length).toBe(size.toString(2).replaceAll('0', '').length);
    }
  });
});

describe('inclusion', () => {
  it('is shown for every leaf of every small tree, and for no other claim', () => {
    for (let size = 1; size <= 20; size++) {
      const { leaf, root } = tree(size);
      for (let index = 0; index < size; index++) {
        const path = inclusionPath(sha256, leaf, index, size);
        const claim = { leaf: leaf(index), index, size };
        expect(includes(sha256, claim, path, root), `${index} of ${size}`).toBe(true);
        expect(includes(sha256, { ...claim, index: index + 1 }, path, root)).toBe(false);
        expect(
          includes(sha256, { ...claim, leaf: leafHash(sha256, Buffer.from('other')) }, path, root),
        ).toBe(false);
        expect(includes(sha256, claim, [...path, root], root)).toBe(false);
        if (path.length > 0) expect(includes(sha256, claim, path.slice(1), root)).toBe(false);
      }
    }
  });

  it('does not survive a changed byte', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), fc.nat(), (size, nth, at) => {
        const { leaf, root } = tree(size);
        const index = nth % size;
        const path = inclusionPath(sha256, leaf, index, size);
        const claim = { leaf: leaf(index), index, size };
        return (
          includes(sha256, claim, path, root) && !includes(sha256, claim, spoiled(path, at), root)
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('consistency', () => {
  it('is shown between all sizes of small trees, and for no other root', () => {
    const other = sha256(Buffer.from('another root'));
    for (let size = 1; size <= 20; size++) {
      const { leaf, root } = tree(size);
      for (let older = 1; older <= size; older++) {
        const path = consistencyPath(sha256, leaf, older, size);
        const from = { size: older, root: tree(older).root };
        const to = { size, root };
        expect(continues(sha256, from, to, path), `${older} to ${size}`).toBe(true);
        expect(continues(sha256, { ...from, root: other }, to, path)).toBe(false);
        expect(continues(sha256, from, { ...to, root: other }, path)).toBe(false);
        expect(continues(sha256, from, to, [...path, other])).toBe(false);
        if (older < size) expect(continues(sha256, to, from, path)).toBe(false);
      }
    }
  });

  it('does not survive a changed byte', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), fc.nat(), (size, nth, at) => {
        const { leaf, root } = tree(size);
        const older = 1 + (nth % (size - 1));
        const from = { size: older, root: tree(older).root };
        const path = consistencyPath(sha256, leaf, older, size);
        return (
          continues(sha256, from, { size, root }, path) &&
          !continues(sha256, from, { size, root }, spoiled(path, at))
        );
      }),
      { numRuns: 100 },
    );
  });
});
