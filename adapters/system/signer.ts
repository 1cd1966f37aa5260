import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Signer, VerifySignature } from '#ports/signer.ts';

/**
 * Opens the installation's Ed25519 key (PKCS #8 in PEM), which is made at the first start, for its
 * owner's eyes only. Keep a copy: without it, old checkpoints are told from forged ones only by
 * those who wrote the public key down.
 */
export function openSigner(file: string): Signer {
  return signerFrom(readOrMake(file), file);
}

/** A signer with a key (PKCS #8 in PEM) that was given; `from` names where, for errors. */
export function signerFrom(pem: string, from: string): Signer {
  const key = privateKeyIn(pem);
  if (key?.asymmetricKeyType !== 'ed25519') throw new Error(`${from} is not an Ed25519 key`);
  return {
    publicKey: rawPublicKey(createPublicKey(key)),
    sign: (message) => sign(null, message, key),
  };
}

/** Checks Ed25519 signatures. */
export const verifySignature: VerifySignature = (publicKey, message, signature) => {
  try {
    const x = Buffer.from(publicKey).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return verify(null, message, key, signature);
  } catch {
    // Thrown for what is no key at all.
    return false;
  }
};

function privateKeyIn(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    // Thrown for what is no key at all; the message of OpenSSL would not say more.
    return null;
  }
}

function readOrMake(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  try {
    writeFileSync(file, pem, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if (!isNodeError(error) || error.code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}

function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

function rawPublicKey(key: KeyObject): Uint8Array {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}
