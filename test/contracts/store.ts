import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  appendLeaf,
  type CompactRange,
  emptyRange,
  rangeRoot,
} from '#core/ledger/compact-range.ts';
import { chainHash, chainStart, leafHash } from '#core/ledger/hashes.ts';
import { rowsContract } from './store-rows.ts';
import { streamsContract } from './store-streams.ts';
import { append, type OpenStore, type StoreSubject, unique } from './store-subject.ts';

/** What every `Store` promises. `open` gives an empty one; it is used for the whole suite. */
export function storeContract(name: string, open: OpenStore): void {
  describe(`store contract: ${name}`, { concurrent: false }, () => {
    let opened: StoreSubject | undefined;
    const subject = (): StoreSubject => {
      if (opened === undefined) throw new Error('The store is not open');
      return opened;
    };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    transactionsContract(subject);
    streamsContract(subject);
    rowsContract(subject);
    historyContract(subject);
  });
}

function transactionsContract(subject: () => StoreSubject): void {
  describe('transactions', () => {
    it('takes everything back when the work throws, and passes on what was thrown', async () => {
      const { store } = subject();
      const stream = unique('rollout:thrown');
      const thrown = new Error('thrown in the middle');
      const work = store.transact(async (tx) => {
        await tx.append(append(stream, 0, ['one']));
        await tx.storeSamples(stream, stream, '1');
        throw thrown;
      });
      await expect(work).rejects.toBe(thrown);
      expect(await store.transact((tx) => tx.stream(stream))).toBeNull();
      expect(await store.transact((tx) => tx.samples(stream))).toBeNull();
    });

    it('does not commit past a refused write, caught or not', async () => {
      const { store } = subject();
      const stream = unique('rollout:caught');
      const work = store.transact(async (tx) => {
        await tx.storeSamples(stream, stream, '1');
        await tx.append(append(stream, 5, ['late'])).catch(() => {});
      });
      await expect(work).rejects.toMatchObject({ code: 'store.conflict' });
      expect(await store.transact((tx) => tx.samples(stream))).toBeNull();
    });

    it('starts at the database time', async () => {
      const { store } = subject();
      const before = await store.databaseNow();
      const now = await store.transact(async (tx) => tx.now);
      expect(Number.isSafeInteger(now)).toBe(true);
      expect(now).toBeGreaterThanOrEqual(before);
    });

    it('has one leader per name at a time', async () => {
      const { store } = subject();
      const name = unique('leader');
      const seen: (boolean | string)[] = [];
      const led = await store.whileLeader(name, async () => {
        seen.push(await store.whileLeader(name, async () => void seen.push('second')));
        seen.push(await store.whileLeader(unique('leader'), async () => {}));
      });
      expect(led).toBe(true);
      expect(seen).toEqual([false, true]);
      await expect(store.whileLeader(name, () => Promise.reject(new Error('no')))).rejects.toThrow(
        'no',
      );
      expect(await store.whileLeader(name, async () => {})).toBe(true);
      expect(await store.healthy()).toBe(true);
    });
  });
}

function historyContract(subject: () => StoreSubject): void {
  describe('history', () => {
    it('keeps exact bytes whose chain and tree lead to the head', async () => {
      const { store, history } = subject();
      const head = await store.transact((tx) => tx.head());
      let chain = chainStart;
      let range: CompactRange = emptyRange;
      let seq = 0;
      for await (const batch of history.entries(1, head.size)) {
        for (const entry of batch) {
          seq += 1;
          expect(entry.seq).toBe(seq);
          expect(Buffer.from(entry.prevHash).equals(chain)).toBe(true);
          expect(Buffer.from(entry.leafHash).equals(leafHash(sha256, entry.bytes))).toBe(true);
          const { kind, at, stream, version } = entry;
          const text = new TextDecoder().decode(entry.bytes);
          expect(JSON.parse(text)).toMatchObject({ format: 1, seq, kind, at, stream, version });
          chain = chainHash(sha256, chain, entry.leafHash);
          range = appendLeaf(sha256, range, entry.leafHash);
          expect(Buffer.from(entry.nodeHash).equals(range.frontier.at(-1) ?? chainStart)).toBe(
            true,
          );
        }
      }
      expect({ size: seq, chain: hex(chain), root: hex(rangeRoot(sha256, range)) }).toEqual(head);
      const stored = await history.head();
      expect({ size: stored.size, chain: hex(stored.chain) }).toEqual({
        size: head.size,
        chain: head.chain,
      });
      expect(stored.frontier.map(hex)).toEqual(range.frontier.map(hex));
    });

    it('remembers the head at each earlier size', async () => {
      const { history } = subject();
      const head = await history.head();
      expect(await history.headAt(head.size)).toEqual(head);
      expect(await history.headAt(head.size + 1)).toBeNull();
      expect(await history.headAt(0)).toBeNull();
      let range: CompactRange = emptyRange;
      for await (const batch of history.entries(1, 20)) {
        for (const { seq, leafHash: leaf } of batch) {
          range = appendLeaf(sha256, range, leaf);
          const then = await history.headAt(seq);
          expect(then?.frontier.map(hex)).toEqual(range.frontier.map(hex));
        }
      }
    });

    it('reads a part', async () => {
      const seqs: number[] = [];
      for await (const batch of subject().history.entries(3, 5)) {
        seqs.push(...batch.map((entry) => entry.seq));
      }
      expect(seqs).toEqual([3, 4, 5]);
    });

    it('keeps one checkpoint per size', async () => {
      const { history } = subject();
      await history.storeCheckpoint(1, 'first');
      await history.storeCheckpoint(2, 'second');
      await history.storeCheckpoint(2, 'second again');
      expect(await history.checkpoints(10)).toEqual(['second', 'first']);
      expect(await history.checkpoints(1)).toEqual(['second']);
    });
  });
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
