import type { Database } from '#ports/database.ts';
import type { History, HistoryEntry } from '#ports/history.ts';
import { readHead, readHeadAt } from './head.ts';
import { rowsOf } from './trust-boundary.ts';

const batchSize = 2000;

/** The stored history of a migrated Postgres database. */
export function createHistory(database: Database): History {
  return {
    async *entries(fromSeq, toSeq) {
      for (let from = fromSeq; from <= toSeq; from += batchSize) {
        yield await batch(database, from, Math.min(toSeq, from + batchSize - 1));
      }
    },
    head: () => readHead(database.query),
    headAt: (size) => readHeadAt(database.query, size),
    async storeCheckpoint(size, note) {
      const text =
        'INSERT INTO signalbox.checkpoint (size, note) VALUES ($1, $2) ON CONFLICT DO NOTHING';
      await database.query(text, [size, note]);
    },
    async checkpoints(limit) {
      const text = 'SELECT note FROM signalbox.checkpoint ORDER BY size DESC LIMIT $1';
      const found = rowsOf<{ readonly note: string }>(await database.query(text, [limit]));
      return found.map((row) => row.note);
    },
  };
}

async function batch(
  database: Database,
  from: number,
  to: number,
): Promise<readonly HistoryEntry[]> {
  const text = `SELECT seq, at, stream, version, kind, bytes, prev_hash AS "prevHash",
    leaf_hash AS "leafHash", node_hash AS "nodeHash" FROM signalbox.ledger WHERE seq BETWEEN $1 AND $2 ORDER BY seq`;
  return rowsOf<HistoryEntry>(await database.query(text, [from, to]));
}
