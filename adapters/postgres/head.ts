import type { QueryResult } from '#ports/database.ts';
import type { StoredHead } from '#ports/history.ts';
import { rowsOf } from './trust-boundary.ts';

interface Row {
  readonly size: number;
  readonly at: number;
  readonly chain: Uint8Array;
  readonly frontier: Uint8Array;
}

/** Reads where the ledger ends. */
export async function readHead(read: (text: string) => Promise<QueryResult>): Promise<StoredHead> {
  const found = await read('SELECT size, at, chain, frontier FROM signalbox.ledger_head');
  const [row] = rowsOf<Row>(found);
  if (row === undefined) throw new Error('The ledger has no head');
  const { size, at, chain, frontier } = row;
  const nodes = Array.from({ length: frontier.length / 32 }, (_, index) =>
    frontier.subarray(index * 32, index * 32 + 32),
  );
  return { size, at, chain, frontier: nodes };
}
