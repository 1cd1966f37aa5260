import { toBase64 } from '#core/ledger/base64.ts';
import { toHex } from '#core/ledger/bytes.ts';
import { parseCheckpoint } from '#core/ledger/checkpoint.ts';
import { rangeRoot } from '#core/ledger/compact-range.ts';
import { formatVerifierKey } from '#core/ledger/note.ts';
import type { History } from '#ports/history.ts';
import type { Trust } from './trust.ts';

/**
 * The history as lines of JSON (docs/ledger.md): a header, the checkpoints, every event with its
 * exact bytes. Whoever has it can check it without a database.
 */
export async function* exportHistory(history: History, trust: Trust): AsyncGenerator<string> {
  const head = await history.head();
  yield JSON.stringify({
    format: 'signalbox-ledger-1',
    key: formatVerifierKey(trust.digest, trust.key),
    formerKeys: trust.formerKeys.map((key) => formatVerifierKey(trust.digest, key)),
    size: head.size,
    chain: toHex(head.chain),
    root: toHex(rangeRoot(trust.digest, head)),
  });
  for (const checkpoint of await history.checkpoints(100_000)) {
    const size = parseCheckpoint(checkpoint)?.size ?? 0;
    if (size <= head.size) yield JSON.stringify({ checkpoint });
  }
  for await (const batch of history.entries(1, head.size)) {
    for (const { seq, bytes, prevHash, leafHash } of batch) {
      const line = { seq, bytes: toBase64(bytes), prev: toHex(prevHash), leaf: toHex(leafHash) };
      yield JSON.stringify(line);
    }
  }
}
