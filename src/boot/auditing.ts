import { resolve } from 'node:path';
import { createFileAnchor } from '#adapters/anchor-file/anchor-file.ts';
import { openSigner, verifySignature } from '#adapters/system/signer.ts';
import type { Trust } from '#app/audit/trust.ts';
import { installationKey } from '#core/ledger/origin.ts';
import type { Anchor } from '#ports/anchor.ts';
import type { Crypto } from '#ports/crypto.ts';
import type { Signer } from '#ports/signer.ts';

/** What the history is signed with, trusted by and compared with. */
export interface Auditing {
  readonly signer: Signer;
  readonly trust: Trust;
  readonly anchors: readonly Anchor[];
}

/** Opens the installation's key, which is made at the first start, and its anchors. */
export function openAuditing(dataFolder: string, crypto: Pick<Crypto, 'digest'>): Auditing {
  const signer = openSigner(resolve(dataFolder, 'signing-key.pem'));
  const key = installationKey(crypto.digest, signer.publicKey);
  return {
    signer,
    trust: { digest: crypto.digest, verify: verifySignature, key },
    anchors: [createFileAnchor(resolve(dataFolder, 'checkpoint'))],
  };
}
