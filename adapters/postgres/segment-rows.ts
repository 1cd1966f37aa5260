import type { LabelledBytes } from '#core/ledger/labels.ts';
import { segmentSize } from '#core/ledger/segment.ts';

/** Events that are put into one value of an answer: small enough that the driver never copies. */
const group = 64;

/**
 * Events for checking, as few values as possible: a driver that makes an object of every row is
 * what takes the time when there are a million. The stored hashes stay where they are; only a hash
 * over them comes along. All of it is text, which the driver would make of it anyway. Rows that
 * cannot be told apart so are left out, and are missed then.
 */
export const segmentRows = `
  SELECT string_agg(concat_ws(',', seq, at, version, octet_length(bytes)), ',') AS numbers,
    string_agg(stream, E'\\x01') AS streams,
    string_agg(kind, E'\\x01') AS kinds,
    convert_from(string_agg(bytes, ''::bytea), 'UTF8') AS bytes,
    encode(sha256(string_agg(prev_hash || leaf_hash || CASE WHEN seq % ${segmentSize} = 0
      THEN ''::bytea ELSE node_hash END, ''::bytea)), 'hex') AS hashes,
    encode(string_agg(node_hash, ''::bytea) FILTER (WHERE seq % ${segmentSize} = 0), 'hex')
      AS end_node
  FROM (
    SELECT * FROM signalbox.ledger WHERE seq BETWEEN $1 AND $2
      AND octet_length(prev_hash) = 32 AND octet_length(leaf_hash) = 32
      AND octet_length(node_hash) = 32
      AND position(E'\\x01' IN stream) = 0 AND position(E'\\x01' IN kind) = 0
    ORDER BY seq
  ) AS stored
  GROUP BY (seq - 1) / ${group} ORDER BY (seq - 1) / ${group}`;

/** One row of the answer. */
export interface PackedGroup {
  /** Four for each event: seq, at, version, length of its bytes. */
  readonly numbers: string;
  readonly streams: string;
  readonly kinds: string;
  readonly bytes: string;
  /** Hex SHA-256 of the stored hashes, one after the other. */
  readonly hashes: string;
  /** Hex; null unless the group ends a full segment. */
  readonly end_node: string | null;
}

/** The events of a group. Their bytes are views on one buffer. */
export function unpackGroup(packed: PackedGroup): readonly LabelledBytes[] {
  const streams = packed.streams.split('\u0001');
  const kinds = packed.kinds.split('\u0001');
  const numbers = packed.numbers.split(',');
  const numberAt = (index: number): number => Number(numbers[index]);
  const text = packed.bytes;
  const bytes = Buffer.from(text);
  const isAscii = bytes.length === text.length;
  let end = 0;
  return streams.map((stream, index) => {
    const begin = end;
    end += numberAt(index * 4 + 3);
    const labels = {
      seq: numberAt(index * 4),
      at: numberAt(index * 4 + 1),
      version: numberAt(index * 4 + 2),
      stream,
      kind: kinds[index] ?? '',
      bytes: bytes.subarray(begin, end),
    };
    return isAscii ? { ...labels, ascii: { text, begin, end } } : labels;
  });
}
