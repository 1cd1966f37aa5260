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
  /** The same bytes as a stretch of a text, where they are ASCII: that is faster to compare. */
  readonly ascii?: Stretch;
}

export interface Stretch {
  readonly text: string;
  readonly begin: number;
  readonly end: number;
}

/**
 * Whether the columns are what the bytes say, without parsing them: keys are in canonical order,
 * so the last members are known to the byte, and the first `,"at":` is the event's own because
 * an actor has no such member.
 */
export function isLabelled(event: LabelledBytes): boolean {
  const { bytes, seq, at, stream, version, kind, ascii } = event;
  if (ascii !== undefined && isLabelledText(ascii, event)) return true;
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

/** False also where only a look at the bytes can tell. Puts no text together: that takes longest. */
function isLabelledText({ text, begin, end }: Stretch, event: LabelledBytes): boolean {
  const { stream, kind } = event;
  if (stream.includes('\\') || kind.includes('\\')) return false;
  const [at, seq, version] = [String(event.at), String(event.seq), String(event.version)];
  const versionFrom = end - 1 - version.length;
  const streamFrom = versionFrom - beforeVersion.length - stream.length;
  const seqFrom = streamFrom - beforeStream.length - seq.length;
  const kindFrom = seqFrom - beforeSeq.length - kind.length;
  const bodyEnd = kindFrom - beforeKind.length;
  const atFrom = text.indexOf(beforeAt, begin) + beforeAt.length;
  const bodyFrom = atFrom + at.length;
  return (
    atFrom > begin + beforeAt.length &&
    bodyFrom + beforeBody.length <= bodyEnd &&
    text.startsWith(at, atFrom) &&
    text.startsWith(beforeBody, bodyFrom) &&
    text.startsWith(beforeKind, bodyEnd) &&
    text.startsWith(kind, kindFrom) &&
    text.startsWith(beforeSeq, seqFrom - beforeSeq.length) &&
    text.startsWith(seq, seqFrom) &&
    text.startsWith(beforeStream, streamFrom - beforeStream.length) &&
    text.startsWith(stream, streamFrom) &&
    text.startsWith(beforeVersion, versionFrom - beforeVersion.length) &&
    text.startsWith(version, versionFrom) &&
    text.startsWith('}', end - 1)
  );
}

const beforeAt = ',"at":';
const beforeBody = ',"body":{';
const beforeKind = ',"format":1,"kind":"';
const beforeSeq = '","seq":';
const beforeStream = ',"stream":"';
const beforeVersion = '","version":';

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
