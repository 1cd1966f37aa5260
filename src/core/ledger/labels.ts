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
export function isLabelled(labelled: LabelledBytes): boolean {
  const { bytes, seq, at, stream, version, kind } = labelled;
  const end = `,"format":1,"kind":${JSON.stringify(kind)},"seq":${seq},"stream":${JSON.stringify(stream)},"version":${version}}`;
  return endsWith(bytes, end) && startsAt(bytes, timeAt(bytes), `,"at":${at},"body":{`);
}

function endsWith(bytes: Uint8Array, text: string): boolean {
  if (startsAt(bytes, bytes.length - text.length, text)) return true;
  const encoded = utf8(text);
  return encoded.length > text.length && hasAt(bytes, bytes.length - encoded.length, encoded);
}

/** Whether the ASCII text stands there. */
function startsAt(bytes: Uint8Array, from: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[from + index] !== text.charCodeAt(index)) return false;
  }
  return from >= 0;
}

function hasAt(bytes: Uint8Array, from: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index++) {
    if (bytes[from + index] !== wanted[index]) return false;
  }
  return from >= 0;
}

const comma = 0x2c;

function timeAt(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(comma); at >= 0; at = bytes.indexOf(comma, at + 1)) {
    if (startsAt(bytes, at, ',"at":')) return at;
  }
  return -1;
}
