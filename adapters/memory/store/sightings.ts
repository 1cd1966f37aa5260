import type { Sighting, SightingStore } from '#ports/sighting-store.ts';
import { createTable, type Journal } from './journal.ts';

/** Who was seen in which source of roles, in memory. */
export function createMemorySightings(journal: Journal): SightingStore {
  const seen = createTable<Sighting & { readonly source: string }>(journal);
  const keyOf = (source: string, account: string): string => JSON.stringify([source, account]);
  return {
    sightingsIn: async (source) =>
      seen
        .rows()
        .filter((row) => row.source === source)
        .map(({ account, since }) => ({ account, since }))
        .toSorted((a, b) => (a.account < b.account ? -1 : 1)),
    seenSince: async (source, account) => seen.get(keyOf(source, account))?.since ?? null,
    async see(source, sightings) {
      for (const { account, since } of sightings) {
        const key = keyOf(source, account);
        const known = seen.get(key)?.since ?? since;
        seen.set(key, { source, account, since: Math.min(known, since) });
      }
    },
    async unsee(source, accounts) {
      for (const account of accounts) seen.delete(keyOf(source, account));
    },
  };
}
