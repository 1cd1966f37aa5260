import { z } from 'zod';
import type { Digest } from '#core/canonical.ts';
import { fromBase64, toBase64 } from '#core/ledger/base64.ts';
import { fromHex, toHex } from '#core/ledger/bytes.ts';
import { parseCheckpoint, trustedCheckpoint } from '#core/ledger/checkpoint.ts';
import { leafHash } from '#core/ledger/hashes.ts';
import { includes, inclusionPath } from '#core/ledger/proof.ts';
import type { History } from '#ports/history.ts';
import type { Trust } from './trust.ts';

/** Shows that one event is part of the history that a checkpoint vouches for. JSON-safe. */
export const Proof = z.object({
  format: z.literal('signalbox-proof-1'),
  seq: z.number().int().positive(),
  /** The exact bytes of the event, base64. */
  bytes: z.string(),
  /** Sibling hashes from the lowest up, hex. */
  path: z.array(z.string()),
  checkpoint: z.string(),
});
export type Proof = z.infer<typeof Proof>;

/**
 * Makes the proof of one event under the newest checkpoint; null when there is no such event or no
 * checkpoint that covers it yet.
 */
export async function proveEvent(
  history: History,
  digest: Digest,
  seq: number,
): Promise<Proof | null> {
  const [checkpoint] = await history.checkpoints(1);
  const size = checkpoint === undefined ? 0 : (parseCheckpoint(checkpoint)?.size ?? 0);
  if (checkpoint === undefined || seq < 1 || seq > size) return null;
  const leaves = new Uint8Array(size * 32);
  let bytes: Uint8Array | null = null;
  for await (const batch of history.entries(1, size)) {
    for (const entry of batch) {
      leaves.set(entry.leafHash, (entry.seq - 1) * 32);
      if (entry.seq === seq) bytes = entry.bytes;
    }
  }
  if (bytes === null) return null;
  const leaf = (index: number): Uint8Array => leaves.subarray(index * 32, index * 32 + 32);
  const path = inclusionPath(digest, leaf, seq - 1, size).map(toHex);
  return { format: 'signalbox-proof-1', seq, bytes: toBase64(bytes), path, checkpoint };
}

/** Whether the proof holds under the key. Needs neither database nor history. */
export function verifyProof(
  { digest, verify, key }: Omit<Trust, 'formerKeys'>,
  proof: Proof,
): boolean {
  const checkpoint = trustedCheckpoint(digest, verify, proof.checkpoint, key);
  const bytes = fromBase64(proof.bytes);
  const path: Uint8Array[] = [];
  for (const text of proof.path) {
    const hash = fromHex(text);
    if (hash?.length !== 32) return false;
    path.push(hash);
  }
  if (checkpoint === null || bytes === null) return false;
  const claim = { leaf: leafHash(digest, bytes), index: proof.seq - 1, size: checkpoint.size };
  return includes(digest, claim, path, checkpoint.root);
}
