import type { Instant } from '#core/ids.ts';
import type { Sighting, SightingStore } from '#ports/sighting-store.ts';
import { rowsOf } from './trust-boundary.ts';
import type { Unit } from './unit.ts';

/** Who was seen in which source of roles, within a transaction. */
export function sightingsIn(unit: Unit): SightingStore {
  return {
    async sightingsIn(source) {
      const text =
        'SELECT account, since FROM signalbox.sighting WHERE source = $1 ORDER BY account';
      return rowsOf<Sighting>(await unit.read(text, [source]));
    },
    async seenSince(source, account) {
      const text = 'SELECT since FROM signalbox.sighting WHERE source = $1 AND account = $2';
      const found = rowsOf<{ readonly since: Instant }>(await unit.read(text, [source, account]));
      return found[0]?.since ?? null;
    },
    async see(source, sightings) {
      if (sightings.length === 0) return;
      const text = `INSERT INTO signalbox.sighting AS known (source, account, since)
        SELECT $1, account, min(since) FROM unnest($2::text[], $3::bigint[]) AS seen (account, since)
        GROUP BY account ORDER BY account
        ON CONFLICT (source, account) DO UPDATE SET since = least(known.since, excluded.since)`;
      const accounts = sightings.map(({ account }) => account);
      await unit.write(text, [source, accounts, sightings.map(({ since }) => since)]);
    },
    async unsee(source, accounts) {
      if (accounts.length === 0) return;
      const text =
        'DELETE FROM signalbox.sighting WHERE source = $1 AND account = ANY ($2::text[])';
      await unit.write(text, [source, accounts]);
    },
  };
}
