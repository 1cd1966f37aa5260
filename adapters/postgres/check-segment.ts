import { hash } from 'node:crypto';
import pg from 'pg';
import { fromHex } from '#core/ledger/bytes.ts';
import { chainStart } from '#core/ledger/hashes.ts';
import { createSegmentCheck, type Segment, type SegmentCheck } from '#core/ledger/segment.ts';
import type { SegmentRequest } from './segment-messages.ts';
import { type PackedGroup, segmentRows, unpackGroup } from './segment-rows.ts';
import { sha256 } from './sha256.ts';
import { rowsOf } from './trust-boundary.ts';

/** Events asked for at a time: the database packs the next while these are looked at. */
const batch = 4096;

/** Opens a connection of its own. */
export async function connectForAudit(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'signalbox audit',
    statement_timeout: 30_000,
  });
  await client.connect();
  return client;
}

/** Reads and checks one segment; null when it is not sound. */
export async function checkSegment(
  client: pg.Client,
  { from, to, sizes }: SegmentRequest,
): Promise<Segment | null> {
  const before = await chainBefore(client, from);
  if (before === null) return null;
  const check = createSegmentCheck(sha256, from, before, new Set(sizes));
  const stored = new Uint8Array(64 * 96);
  let endNode: string | null = null;
  let count = 0;
  let next = read(client, from, to);
  for (let first = from; first <= to; first += batch) {
    const groups = await next;
    if (first + batch <= to) next = read(client, first + batch, to);
    next.catch(() => {});
    for (const packed of groups) {
      const added = addGroup(check, packed, stored);
      if (added === null) return null;
      count += added;
      endNode ??= packed.end_node;
    }
  }
  return count === to - from + 1 ? check.finish(endNode === null ? null : fromHex(endNode)) : null;
}

/** How many events were added; null when one of them is not sound or not what is stored. */
function addGroup(check: SegmentCheck, packed: PackedGroup, stored: Uint8Array): number | null {
  const events = unpackGroup(packed);
  let length = 0;
  for (const [index, event] of events.entries()) {
    const hashes = check.add(event);
    if (hashes === null) return null;
    stored.set(hashes.prev, length);
    stored.set(hashes.leaf, length + 32);
    length += 64;
    // The last node of a full segment reaches further back: whoever joins the segments checks it.
    if (packed.end_node !== null && index === events.length - 1) continue;
    stored.set(hashes.node, length);
    length += 32;
  }
  const computed = hash('sha256', stored.subarray(0, length), 'hex');
  return packed.hashes === computed ? events.length : null;
}

async function read(client: pg.Client, first: number, to: number): Promise<readonly PackedGroup[]> {
  const values = [first, Math.min(to, first + batch - 1)];
  return rowsOf(await client.query({ name: 'segment', text: segmentRows, values }));
}

/** What the first event of the segment says that the chain before it was; null without one. */
async function chainBefore(client: pg.Client, from: number): Promise<Uint8Array | null> {
  if (from === 1) return chainStart;
  const text = 'SELECT prev_hash FROM signalbox.ledger WHERE seq = $1';
  const found = rowsOf<{ readonly prev_hash: Buffer }>(await client.query(text, [from]));
  return found[0]?.prev_hash ?? null;
}
