import type { Database } from '#ports/database.ts';
import type { History, HistoryEntry } from '#ports/history.ts';
import { readHead, readHeadAt } from './head.ts';
import { packedEntries, unpackEntries } from './packed-entries.ts';
import { rowsOf } from './trust-boundary.ts';

const batchSize = 2000;

/** The stored history of a migrated Postgres database. */
export function createHistory(database: Database): History {
  async function batch(from: number, to: number): Promise<readonly HistoryEntry[]> {
    const found = await database.query(packedEntries, [from, to]);
    const [row] = rowsOf<{ readonly packed: string | null }>(found);
    return unpackEntries(Buffer.from(row?.packed ?? '', 'base64'));
  }
  return {
    async *entries(fromSeq, toSeq) {
      let next = batch(fromSeq, Math.min(toSeq, fromSeq + batchSize - 1));
      for (let from = fromSeq; from <= toSeq; from += batchSize) {
        const entries = await next;
        const following = from + batchSize;
        // The database packs the next batch while this one is looked at.
        if (following <= toSeq) next = batch(following, Math.min(toSeq, following + batchSize - 1));
        next.catch(() => {});
        yield entries;
      }
    },
    head: () => readHead(database.query),
    headAt: (size) => readHeadAt(database.query, size),
    async storeCheckpoint(size, note) {
      const text = `INSERT INTO signalbox.checkpoint (size, note) VALUES ($1, $2)
        ON CONFLICT DO NOTHING`;
      await database.query(text, [size, note]);
    },
    async checkpoints(limit) {
      const text = 'SELECT note FROM signalbox.checkpoint ORDER BY size DESC LIMIT $1';
      const found = rowsOf<{ readonly note: string }>(await database.query(text, [limit]));
      return found.map((row) => row.note);
    },
  };
}
