import { resolve } from 'node:path';
import { createCrypto } from '#adapters/system/crypto.ts';
import type { InstallationKeys } from '#app/installation.ts';
import type { Configuration } from '#config.ts';
import { formatVerifierKey } from '#core/ledger/note.ts';
import type { Crypto } from '#ports/crypto.ts';
import type { Auditing } from './auditing.ts';
import { ownSecret } from './own-secret.ts';

/** The secret of the installation: the one given, else the one made at the first start. */
export function installationSecret({ environment }: Pick<Configuration, 'environment'>): string {
  const given = environment.SIGNALBOX_SECRET?.reveal();
  return given ?? ownSecret(resolve(environment.SIGNALBOX_DATA, 'installation.secret'));
}

/** By what a process knows that it belongs to the installation. The secret cannot be told from it. */
export function installationKeys(
  crypto: Pick<Crypto, 'digest' | 'sha256'>,
  { trust }: Auditing,
  secret: string,
): InstallationKeys {
  return {
    signingKey: formatVerifierKey(crypto.digest, trust.key),
    secret: crypto.sha256(`signalbox installation ${secret}`).slice(0, 16),
  };
}

/** What an installation acts with, from its configuration alone. */
export function openCrypto(configuration: Pick<Configuration, 'environment'>) {
  const secret = installationSecret(configuration);
  return { secret, crypto: createCrypto({ secret }) };
}
