import type { ActionStore, StoredAction } from '#ports/action-store.ts';
import type { SampleStore } from '#ports/sample-store.ts';
import { createTable, type Journal } from './journal.ts';

/** What buttons stand for, in memory. */
export function createMemoryActions(journal: Journal): ActionStore {
  const actions = createTable<StoredAction>(journal);
  return {
    async storeActions(stored) {
      for (const action of stored) {
        if (actions.get(action.token) === undefined) actions.set(action.token, { ...action });
      }
    },
    action: async (token) => actions.get(token) ?? null,
  };
}

/** What the judge saw, in memory. */
export function createMemorySamples(journal: Journal): SampleStore {
  const samples = createTable<{
    readonly id: string;
    readonly rollout: string;
    readonly json: string;
  }>(journal);
  return {
    async storeSamples(id, rollout, json) {
      if (samples.get(id) === undefined) samples.set(id, { id, rollout, json });
    },
    samples: async (id) => samples.get(id)?.json ?? null,
    samplesOf: async (rollout) =>
      samples
        .rows()
        .filter((row) => row.rollout === rollout)
        .map(({ id, json }) => ({ id, json })),
  };
}
