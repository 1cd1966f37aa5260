import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Crypto } from '#ports/crypto.ts';

/**
 * Hashing with Node's own crypto.
 * @throws Error when the secret is shorter than 16 bytes: the settings have checked it before.
 */
export function createCrypto(options: { readonly secret: string }): Crypto {
  const secret = Buffer.from(options.secret);
  if (secret.length < 16) throw new Error('The secret is too short');

  function digest(data: string | Uint8Array): Buffer {
    return createHash('sha256').update(data).digest();
  }

  return {
    sha256: (text) => digest(text).toString('hex'),
    digest,
    hmac: (text) => createHmac('sha256', secret).update(text).digest('hex'),
    // Digests have one length, so that the length of the secret one does not show either.
    equal: (a, b) => timingSafeEqual(digest(a), digest(b)),
  };
}
