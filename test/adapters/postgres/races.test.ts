import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHistory } from '#adapters/postgres/history.ts';
import { createStore } from '#adapters/postgres/store.ts';
import { createAuditor } from '#core/ledger/auditor.ts';
import type { Store, Transaction } from '#ports/store.ts';
import { append, row, unique } from '../../contracts/store-subject.ts';
import { requireServer } from '../../servers.ts';
import { silentLog } from '../pglite/silent-log.ts';
import { type MigratedDatabase, serverDatabase } from './migrated-database.ts';

describe.skipIf(!requireServer('postgres'))('transactions that race', () => {
  let opened: MigratedDatabase | undefined;
  const fired: string[] = [];
  let failAt: string | null = null;
  const database = () => {
    if (opened === undefined) throw new Error('The database is not open');
    return opened.database;
  };
  const newStore = (): Store =>
    createStore(database(), {
      log: silentLog,
      failpoint: async (name) => {
        fired.push(name);
        if (name === failAt) throw new Error(`failed ${name}`);
      },
    });
  beforeAll(async () => {
    opened = await serverDatabase();
    // Deadlocks are found at once.
    await database().query(
      `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = 20', current_database()); END $$`,
    );
  });
  afterAll(() => opened?.close());

  it('runs one again that was overtaken, so that its time is that of its events', async () => {
    const store = newStore();
    const [slow, quick] = [unique('rollout:slow'), unique('rollout:quick')];
    let runs = 0;
    const overtaken = await store.transact(async (tx) => {
      runs += 1;
      if (runs === 1) await overtake(store, quick, tx.now);
      await tx.append(append(slow, 0, ['one'], { row: row({ state: { at: tx.now } }) }));
      return tx.now;
    });
    expect(runs).toBe(2);
    const read = await store.transact(async (tx) => ({
      events: await tx.events({}),
      record: await tx.stream(slow),
    }));
    expect(read.events.at(-1)).toMatchObject({ stream: slow, at: overtaken });
    expect(read.record?.row.state).toEqual({ at: overtaken });
  });

  it('lets one that is always overtaken through in the end', async () => {
    const store = newStore();
    const stream = unique('rollout:patient');
    let runs = 0;
    const work = store.transact(async (tx) => {
      runs += 1;
      // From the third time on the others have to wait, and this one would wait for them.
      if (runs < 3) await overtake(store, unique('rollout:hasty'), tx.now);
      await tx.append(append(stream, 0, ['one']));
    });
    await work;
    expect(runs).toBe(3);
  });

  it('lets whoever lost twice go first, and nobody waits for each other in a circle', async () => {
    const store = newStore();
    const stream = unique('rollout:wanted');
    await store.transact((tx) => tx.append(append(stream, 0, ['one'])));
    let runs = 0;
    let rival: Promise<void> | undefined;
    await store.transact(async (tx) => {
      runs += 1;
      if (runs < 3) await overtake(store, unique('rollout:hasty'), tx.now);
      else {
        const { promise: held, resolve } = Promise.withResolvers<void>();
        rival = store.transact(async (other) => {
          const record = await other.streamForUpdate(stream);
          resolve();
          await other.append(append(stream, record?.version ?? 0, ['rival']));
        });
        await held;
        // Long enough for a rival that waits for its turn to be waiting, with the row in its hands.
        await pause(60);
      }
      const record = await tx.stream(stream);
      await tx.append(append(stream, record?.version ?? 0, ['patient']));
    });
    expect(runs).toBe(3);
    await rival;
    const events = await store.transact((tx) => tx.events({ stream }));
    expect(events.map((event) => event.kind)).toEqual(['one', 'patient', 'rival']);
  });

  it('gives up on a race that cannot be won', async () => {
    let runs = 0;
    const stream = unique('rollout:stale');
    await expect(
      newStore().transact(async (tx) => {
        runs += 1;
        await tx.append(append(stream, 3, ['one']));
      }),
    ).rejects.toMatchObject({ code: 'store.conflict', retryable: true });
    expect(runs).toBe(6);
  });

  it('resolves a deadlock', async () => {
    const store = newStore();
    const [a, b] = [unique('rollout:a'), unique('rollout:b')];
    await store.transact(async (tx) => {
      await tx.append(append(a, 0, ['one']));
      await tx.append(append(b, 0, ['one']));
    });
    const { promise: bothHold, resolve } = Promise.withResolvers<void>();
    let holding = 0;
    const cross = (first: string, second: string) =>
      store.transact(async (tx) => {
        await tx.streamForUpdate(first);
        holding += 1;
        if (holding === 2) resolve();
        await bothHold;
        const record = await tx.streamForUpdate(second);
        await tx.append(append(second, record?.version ?? 0, ['crossed']));
      });
    await Promise.all([cross(a, b), cross(b, a)]);
    const versions = await store.transact((tx) => Promise.all([tx.stream(a), tx.stream(b)]));
    expect(versions.map((record) => record?.version)).toEqual([2, 2]);
  });

  it('keeps the ledger whole and every state true to its events', async () => {
    const stores = [newStore(), newStore()];
    const streams = Array.from({ length: 4 }, () => unique('rollout:storm'));
    await Promise.all(
      Array.from({ length: 40 }, (_, turn) =>
        stores[turn % 2]?.transact((tx) => count(tx, streams[(turn * 7) % 4] ?? '')),
      ),
    );
    const read = await newStore().transact(async (tx) => ({
      events: await tx.events({}),
      records: await Promise.all(streams.map((id) => tx.stream(id))),
    }));
    for (const record of read.records) {
      const times = read.events.filter((each) => each.stream === record?.id).map(({ at }) => at);
      expect(record?.row.state).toEqual({ times });
    }
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
    const auditor = createAuditor(digest, []);
    for await (const batch of createHistory(database()).entries(1, read.events.length)) {
      for (const entry of batch) auditor.add(entry);
    }
    expect(auditor.finish()).toMatchObject({ findings: [], size: read.events.length });
  });

  it('fires its failpoints around each commit that writes, and fails there whole', async () => {
    const store = newStore();
    const stream = unique('rollout:failpoint');
    fired.length = 0;
    await store.transact((tx) => tx.stream(stream));
    expect(fired).toEqual([]);
    await store.transact((tx) => tx.append(append(stream, 0, ['one'])));
    expect(fired).toEqual(['before-commit', 'after-commit']);
    failAt = 'before-commit';
    const lost = store.transact((tx) => tx.append(append(stream, 1, ['lost'])));
    await expect(lost).rejects.toThrow('failed before-commit');
    failAt = 'after-commit';
    const kept = store.transact((tx) => tx.append(append(stream, 1, ['kept'])));
    await expect(kept).rejects.toThrow('failed after-commit');
    failAt = null;
    const events = await store.transact((tx) => tx.events({ stream }));
    expect(events.map((event) => event.kind)).toEqual(['one', 'kept']);
  });

  it('says that the database is unavailable when its connection dies in the middle', async () => {
    const store = newStore();
    const stream = unique('rollout:cut');
    const work = store.transact(async (tx) => {
      await tx.nextNumber(stream);
      await database().query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'idle in transaction'`,
      );
      await tx.append(append(stream, 0, ['one']));
    });
    await expect(work).rejects.toMatchObject({ code: 'store.unavailable', retryable: true });
    expect(await store.transact((tx) => tx.nextNumber(stream))).toBe(1);
  });

  it('refuses to be used after its end', async () => {
    const leaked: Transaction[] = [];
    await newStore().transact(async (tx) => void leaked.push(tx));
    await expect(leaked[0]?.stream('x')).rejects.toThrow('has ended');
    await expect(leaked[0]?.append(append('x', 0, ['one']))).rejects.toThrow('has ended');
  });
});

/** Appends in another transaction, later than `now` by the clock. */
async function overtake(store: Store, stream: string, now: number): Promise<void> {
  while ((await store.databaseNow()) <= now) {
    // A millisecond passes soon.
  }
  await store.transact((tx) => tx.append(append(stream, 0, ['one'])));
}

async function count(tx: Transaction, stream: string): Promise<void> {
  const record = await tx.streamForUpdate(stream);
  const state = record?.row.state;
  const times =
    typeof state === 'object' && state !== null && 'times' in state && Array.isArray(state.times)
      ? state.times
      : [];
  const counted = row({ state: { times: [...times, tx.now] } });
  await tx.append(append(stream, record?.version ?? 0, ['counted'], { row: counted }));
}
