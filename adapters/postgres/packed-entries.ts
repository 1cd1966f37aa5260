import type { HistoryEntry } from '#ports/history.ts';

/**
 * Rows of the ledger in one value, because a driver that makes an object of every row is what
 * takes the time when there are a million; in base64, which is half of the driver's hex. Numbers are big-endian; each row is
 * seq 8, at 8, version 4, three hashes of 32, and stream, kind and bytes with 4 bytes of length each.
 */
export const packedEntries = `
  SELECT encode(string_agg(
    int8send(seq) || int8send(at) || int4send(version) || prev_hash || leaf_hash || node_hash
      || int4send(octet_length(stream)) || convert_to(stream, 'UTF8')
      || int4send(octet_length(kind)) || convert_to(kind, 'UTF8')
      || int4send(octet_length(bytes)) || bytes,
    '' ORDER BY seq
  ), 'base64') AS packed
  FROM signalbox.ledger WHERE seq BETWEEN $1 AND $2
    AND octet_length(prev_hash) = 32 AND octet_length(leaf_hash) = 32
    AND octet_length(node_hash) = 32`;

/** Takes them apart again. The parts are views on the buffer. */
export function unpackEntries(buffer: Buffer): readonly HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  for (let at = 0; at < buffer.length; ) {
    const hashes = at + 20;
    const stream = hashes + 96 + 4;
    const kind = stream + buffer.readInt32BE(stream - 4) + 4;
    const bytes = kind + buffer.readInt32BE(kind - 4) + 4;
    const end = bytes + buffer.readInt32BE(bytes - 4);
    entries.push({
      seq: readInt8(buffer, at),
      at: readInt8(buffer, at + 8),
      version: buffer.readInt32BE(at + 16),
      prevHash: buffer.subarray(hashes, hashes + 32),
      leafHash: buffer.subarray(hashes + 32, hashes + 64),
      nodeHash: buffer.subarray(hashes + 64, hashes + 96),
      stream: buffer.toString('utf8', stream, kind - 4),
      kind: buffer.toString('utf8', kind, bytes - 4),
      bytes: buffer.subarray(bytes, end),
    });
    at = end;
  }
  return entries;
}

/** An int8 below 2^53. */
function readInt8(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * 2 ** 32 + buffer.readUInt32BE(at + 4);
}
