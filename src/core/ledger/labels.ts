import { sameBytes } from './bytes.ts';
import { utf8 } from './utf8.ts';

/** The exact bytes of an event and the columns that are indexed beside them. */
export interface LabelledBytes {
  readonly seq: number;
  readonly at: number;
  readonly stream: string;
  readonly version: number;
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/**
 * Whether the columns are what the bytes say, without parsing them: keys are in canonical order,
 * so the last members are known to the byte, and the first `,"at":` is the event's own because
 * an actor has no such member.
 */
export function isLabelled({ bytes, seq, at, stream, version, kind }: LabelledBytes): boolean {
  const time = timeAt(bytes);
  if (time < 0 || !startsAt(bytes, time, `,"at":${at},"body":{`)) return false;
  const plain = [
    ',"format":1,"kind":"',
    kind,
    '","seq":',
    String(seq),
    ',"stream":"',
    stream,
    '","version":',
    String(version),
    '}',
  ];
  // Names with characters that JSON escapes or that take several bytes are rare: they are tried
  // second. One with a backslash might be the escaped form of another, so it is not tried first.
  const escaped = stream.includes('\\') || kind.includes('\\');
  if (!escaped && endsWith(bytes, plain)) return true;
  return endsWithEncoded(bytes, seq, stream, version, kind);
}

function endsWith(bytes: Uint8Array, ascii: readonly string[]): boolean {
  let from = bytes.length;
  for (const piece of ascii) from -= piece.length;
  if (from < 0) return false;
  for (const piece of ascii) {
    if (!startsAt(bytes, from, piece)) return false;
    from += piece.length;
  }
  return true;
}

function endsWithEncoded(
  bytes: Uint8Array,
  seq: number,
  stream: string,
  version: number,
  kind: string,
): boolean {
  const [k, s] = [JSON.stringify(kind), JSON.stringify(stream)];
  const end = utf8(`,"format":1,"kind":${k},"seq":${seq},"stream":${s},"version":${version}}`);
  return bytes.length > end.length && sameBytes(bytes.subarray(bytes.length - end.length), end);
}

/** Whether the ASCII text stands there. */
function startsAt(bytes: Uint8Array, from: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[from + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

const comma = 0x2c;
const quote = 0x22;
const letterA = 0x61;

function timeAt(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== comma || bytes[at + 1] !== quote || bytes[at + 2] !== letterA) continue;
    if (startsAt(bytes, at, ',"at":')) return at;
  }
  return -1;
}
