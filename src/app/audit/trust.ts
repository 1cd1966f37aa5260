import type { Digest } from '#core/canonical.ts';
import type { Finding, VouchedTree } from '#core/ledger/auditor.ts';
import { trustedCheckpoint } from '#core/ledger/checkpoint.ts';
import type { NoteKey } from '#core/ledger/note.ts';
import type { VerifySignature } from '#ports/signer.ts';

/** By what an auditor believes a checkpoint. */
export interface Trust {
  readonly digest: Digest;
  readonly verify: VerifySignature;
  readonly key: NoteKey;
  /**
   * Keys that were in use before. What they signed is no forgery, but it vouches for nothing either:
   * every checkpoint of the present key covers all that came before it.
   */
  readonly formerKeys: readonly NoteKey[];
}

/** A checkpoint as it was found, and where. */
export interface FoundCheckpoint {
  readonly from: string;
  readonly note: string;
}

/** The trees that signed checkpoints vouch for, and a finding for each that is not signed. */
export function vouchedTrees(
  { digest, verify, key, formerKeys }: Trust,
  checkpoints: readonly FoundCheckpoint[],
): { readonly vouched: readonly VouchedTree[]; readonly untrusted: readonly Finding[] } {
  const vouched: VouchedTree[] = [];
  const untrusted: Finding[] = [];
  for (const { from, note } of checkpoints) {
    const checkpoint = trustedCheckpoint(digest, verify, note, key);
    if (checkpoint !== null) {
      vouched.push(checkpoint);
    } else if (!formerKeys.some((former) => trustedCheckpoint(digest, verify, note, former))) {
      const message = `A checkpoint from ${from} is not signed by ${key.name}`;
      untrusted.push({ code: 'untrusted_checkpoint', seq: null, message });
    }
  }
  return { vouched, untrusted };
}
