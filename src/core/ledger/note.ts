import { fromBase64, toBase64 } from './base64.ts';
import { joinBytes, sameBytes, toHex } from './bytes.ts';
import type { Digest } from './hashes.ts';
import { utf8 } from './utf8.ts';

/** A signed note (C2SP signed-note): a text and signatures over its exact bytes. */
export interface Note {
  /** Ends with a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** The first four bytes tell the key, so that readers skip the keys they do not know. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** A key that signs notes: its name and its Ed25519 public key. */
export interface NoteKey {
  readonly name: string;
  readonly publicKey: Uint8Array;
}

export type Sign = (message: Uint8Array) => Uint8Array;
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** Algorithm byte of Ed25519 in key ids and verifier keys. */
const ed25519 = 1;

/** The first four bytes of SHA-256(name || newline || algorithm || public key). */
export function keyId(digest: Digest, { name, publicKey }: NoteKey): Uint8Array {
  const named = utf8(`${name}\n`);
  return digest(joinBytes(named, new Uint8Array([ed25519]), publicKey)).slice(0, 4);
}

/** The key as one text for configurations: `name+<key id>+<base64 of algorithm and key>`. */
export function formatVerifierKey(digest: Digest, key: NoteKey): string {
  const encoded = toBase64(joinBytes(new Uint8Array([ed25519]), key.publicKey));
  return `${key.name}+${toHex(keyId(digest, key))}+${encoded}`;
}

/** Reads such a text; null when it is none or its key id is not that of the key. */
export function parseVerifierKey(digest: Digest, text: string): NoteKey | null {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim());
  const [, name = '', id, encoded = ''] = match ?? [];
  const bytes = fromBase64(encoded);
  if (match === null || bytes?.length !== 33 || bytes[0] !== ed25519) return null;
  const key = { name, publicKey: bytes.slice(1) };
  return toHex(keyId(digest, key)) === id ? key : null;
}

/** Signs a text, which must end with a newline, and writes the note. */
export function signNote(digest: Digest, text: string, key: NoteKey, sign: Sign): string {
  const signature = sign(utf8(text));
  return `${text}\n\u2014 ${key.name} ${toBase64(joinBytes(keyId(digest, key), signature))}\n`;
}

/** Reads a note; null when it is malformed. Nothing is verified. */
export function parseNote(note: string): Note | null {
  const split = note.lastIndexOf('\n\n');
  if (split <= 0 || !note.endsWith('\n') || note.length > 100_000) return null;
  const text = note.slice(0, split + 1);
  if (hasControls(text)) return null;
  const signatures: NoteSignature[] = [];
  for (const line of note.slice(split + 2, -1).split('\n')) {
    const [, name = '', encoded = ''] = /^\u2014 ([^\s+]+) (\S+)$/.exec(line) ?? [];
    const bytes = fromBase64(encoded);
    if (bytes === null || bytes.length < 5) return null;
    signatures.push({ name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) });
  }
  return { text, signatures };
}

/** Whether one of the signatures is by the key and right. Signatures of other keys do not matter. */
export function isSignedBy(digest: Digest, verify: Verify, note: Note, key: NoteKey): boolean {
  const id = keyId(digest, key);
  const message = utf8(note.text);
  return note.signatures.some(
    (each) =>
      each.name === key.name &&
      sameBytes(each.keyId, id) &&
      verify(key.publicKey, message, each.signature),
  );
}

function hasControls(text: string): boolean {
  for (const character of text) {
    if (character < ' ' && character !== '\n') return true;
  }
  return false;
}
