import { fromBase64, toBase64 } from './base64.ts';
import type { Digest } from './hashes.ts';
import { isSignedBy, type NoteKey, parseNote, type Sign, signNote, type Verify } from './note.ts';

/** What a checkpoint says: this ledger has so many events and this root. */
export interface Checkpoint {
  /** Name of the ledger, unique in the world. */
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

/** Writes a signed checkpoint (C2SP tlog-checkpoint), signed under the name of its origin. */
export function signCheckpoint(
  digest: Digest,
  checkpoint: Checkpoint,
  publicKey: Uint8Array,
  sign: Sign,
): string {
  const { origin, size, root } = checkpoint;
  const text = `${origin}\n${size}\n${toBase64(root)}\n`;
  return signNote(digest, text, { name: origin, publicKey }, sign);
}

/** Reads what a checkpoint says; null when it is malformed. Its signature is another question. */
export function parseCheckpoint(note: string): Checkpoint | null {
  const [origin = '', size = '', encoded = ''] = parseNote(note)?.text.split('\n') ?? [];
  const root = fromBase64(encoded);
  if (origin === '' || !/^(?:0|[1-9]\d{0,15})$/.test(size) || root?.length !== 32) return null;
  return Number.isSafeInteger(Number(size)) ? { origin, size: Number(size), root } : null;
}

/** A checkpoint that the key has signed; null when it is malformed or not so signed. */
export function trustedCheckpoint(
  digest: Digest,
  verify: Verify,
  note: string,
  key: NoteKey,
): Checkpoint | null {
  const parsed = parseNote(note);
  if (parsed === null || !isSignedBy(digest, verify, parsed, key)) return null;
  const checkpoint = parseCheckpoint(note);
  return checkpoint?.origin === key.name ? checkpoint : null;
}
