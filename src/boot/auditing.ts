import { resolve } from 'node:path';
import { createFileAnchor } from '#adapters/anchor-file/anchor-file.ts';
import { createOciAnchor } from '#adapters/oci/anchor.ts';
import { OciAnchor } from '#adapters/oci/options.ts';
import { openSigner, signerFrom, verifySignature } from '#adapters/system/signer.ts';
import type { Trust } from '#app/audit/trust.ts';
import type { Configuration } from '#config.ts';
import type { NoteKey } from '#core/ledger/note.ts';
import { installationKey } from '#core/ledger/origin.ts';
import type { Anchor } from '#ports/anchor.ts';
import type { Crypto } from '#ports/crypto.ts';
import type { Signer } from '#ports/signer.ts';

/** What the history is signed with, trusted by and compared with. */
export interface Auditing {
  readonly signer: Signer;
  readonly trust: Trust;
  /** The anchors that can be read as well as written. */
  readonly anchors: readonly Anchor[];
}

/** Opens the installation's key, which is made at the first start if none is given, and its anchors. */
export function openAuditing(
  { environment, settings }: Pick<Configuration, 'environment' | 'settings'>,
  { digest }: Pick<Crypto, 'digest'>,
  formerKeys: readonly NoteKey[],
): Auditing {
  const dataFolder = resolve(environment.SIGNALBOX_DATA);
  const given = environment.SIGNALBOX_SIGNING_KEY?.reveal();
  const signer =
    given === undefined
      ? openSigner(resolve(dataFolder, 'signing-key.pem'))
      : signerFrom(given, 'SIGNALBOX_SIGNING_KEY');
  const key = installationKey(digest, signer.publicKey);
  const file = resolve(dataFolder, settings.audit.checkpointFile ?? 'checkpoint');
  return {
    signer,
    trust: { digest, verify: verifySignature, key, formerKeys },
    anchors: [createFileAnchor(file), ...registryAnchor(environment, settings, key.name)],
  };
}

function registryAnchor(
  { SIGNALBOX_ANCHOR_TOKEN, SIGNALBOX_REGISTRY_TOKEN }: Configuration['environment'],
  { audit }: Configuration['settings'],
  origin: string,
): readonly Anchor[] {
  if (audit.registry === undefined) return [];
  const options = OciAnchor.parse(audit.registry.options);
  return [createOciAnchor(options, SIGNALBOX_ANCHOR_TOKEN ?? SIGNALBOX_REGISTRY_TOKEN, origin)];
}
