import { createHash } from 'node:crypto';
import type { Digest } from '#core/canonical.ts';
import { Fault } from '#core/fault.ts';
import type { Clock } from '#ports/clock.ts';
import type { Failpoint } from '#ports/failpoint.ts';
import type { History } from '#ports/history.ts';
import type { Store, Transaction } from '#ports/store.ts';
import { createMemoryActions, createMemorySamples } from './store/actions.ts';
import { createMemoryConsole } from './store/console.ts';
import { createMemoryInbox } from './store/inbox.ts';
import { createJournal } from './store/journal.ts';
import { createMemoryLedger } from './store/ledger.ts';
import { createMemoryLinks } from './store/links.ts';
import { createMemorySightings } from './store/sightings.ts';
import { createMemoryStreams } from './store/streams.ts';
import { createMemorySurfaces } from './store/surfaces.ts';

/**
 * The store in memory with the promises of the real one: transactions run one at a time and are
 * taken back whole when they throw; versions, fences, the one active stream in a place and the
 * end of a stream are enforced. `clock` plays the database's clock.
 */
export function createMemoryStore(options: {
  readonly clock: Clock;
  readonly failpoint?: Failpoint;
}): { readonly store: Store; readonly history: History } {
  const { clock, failpoint = async () => {} } = options;
  const journal = createJournal();
  const ledger = createMemoryLedger(journal, sha256);
  let startedAt = 0;
  const now = (): number => startedAt;
  const { history, record: _record, newestAt, ...readable } = ledger;
  const parts = {
    ...readable,
    ...createMemoryStreams(journal, ledger, now),
    ...createMemoryInbox(journal, now),
    ...createMemorySurfaces(journal, now),
    ...createMemoryActions(journal),
    ...createMemoryLinks(journal, now),
    ...createMemorySightings(journal),
    ...createMemorySamples(journal),
    ...createMemoryConsole(journal, now),
  };
  const leaders = new Set<string>();
  let open = true;
  let turn: Promise<unknown> = Promise.resolve();

  async function attempt<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    if (!open) throw new Fault('store.unavailable', 'The store is closed', { retryable: false });
    startedAt = Math.max(clock.now(), newestAt());
    const failures: unknown[] = [];
    const append: Transaction['append'] = (wanted) =>
      parts.append(wanted).catch((error: unknown) => {
        failures.push(error);
        throw error;
      });
    try {
      const value = await run({ ...parts, append, now: startedAt });
      if (failures.length > 0) throw failures[0];
      const changed = journal.changed();
      if (changed) await failpoint('before-commit');
      journal.commit();
      if (changed) await failpoint('after-commit');
      return value;
    } catch (error) {
      journal.rollBack();
      throw error;
    }
  }

  const store: Store = {
    transact(run) {
      const result = turn.then(() => attempt(run));
      turn = result.catch(() => {});
      return result;
    },
    databaseNow: async () => clock.now(),
    async whileLeader(name, work) {
      if (leaders.has(name)) return false;
      leaders.add(name);
      try {
        await work();
        return true;
      } finally {
        leaders.delete(name);
      }
    },
    healthy: async () => open,
    async close() {
      open = false;
    },
  };
  return { store, history };
}

const sha256: Digest = (bytes) => createHash('sha256').update(bytes).digest();
