import { chainHash, chainStart } from '#core/ledger/hashes.ts';
import type { QueryResult } from '#ports/database.ts';
import type { HistoryHead } from '#ports/history.ts';
import { sha256 } from './sha256.ts';
import { rowsOf } from './trust-boundary.ts';

interface Row {
  readonly size: number;
  readonly at: number;
  readonly prev_hash: Uint8Array;
  readonly leaf_hash: Uint8Array;
  readonly nodes: Uint8Array;
}

/**
 * The newest event and the frontier of the tree. A perfect subtree of the frontier ends where the
 * bits of the size below its own are cleared.
 */
const headAt = `
  SELECT n.seq AS size, n.at, n.prev_hash, n.leaf_hash, (
    SELECT string_agg(l.node_hash, '' ORDER BY l.seq)
    FROM generate_series(0, 52) AS bit
    JOIN signalbox.ledger AS l ON l.seq = (n.seq >> bit) << bit
    WHERE (n.seq >> bit) & 1 = 1
  ) AS nodes
  FROM signalbox.ledger AS n`;

type Read = (text: string, params: readonly unknown[]) => Promise<QueryResult>;

/** Reads where the ledger ends. */
export async function readHead(read: Read): Promise<HistoryHead> {
  const found = rowsOf<Row>(await read(`${headAt} ORDER BY n.seq DESC LIMIT 1`, []));
  return headOf(found[0]) ?? { size: 0, at: 0, chain: chainStart, frontier: [] };
}

/** Reads where the ledger ended when it had so many events; null when it never had. */
export async function readHeadAt(read: Read, size: number): Promise<HistoryHead | null> {
  return headOf(rowsOf<Row>(await read(`${headAt} WHERE n.seq = $1`, [size]))[0]);
}

function headOf(row: Row | undefined): HistoryHead | null {
  if (row === undefined) return null;
  const { size, at, nodes } = row;
  const frontier = Array.from({ length: nodes.length / 32 }, (_, index) =>
    nodes.subarray(index * 32, index * 32 + 32),
  );
  return { size, at, chain: chainHash(sha256, row.prev_hash, row.leaf_hash), frontier };
}
