import { toHex } from './bytes.ts';
import type { Digest } from './hashes.ts';
import type { NoteKey } from './note.ts';

/**
 * The key under which an installation signs its checkpoints. The name is taken from the key, so
 * that each installation has its own without anybody having to choose one.
 */
export function installationKey(digest: Digest, publicKey: Uint8Array): NoteKey {
  return { name: `signalbox/${toHex(digest(publicKey).slice(0, 8))}`, publicKey };
}
