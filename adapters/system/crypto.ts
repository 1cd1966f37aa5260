import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { Crypto } from '#ports/crypto.ts';

/**
 * Hashing with Node's own crypto.
 * @throws Error when the secret is shorter than 16 bytes: the settings have checked it before.
 */
export function createCrypto(options: { readonly secret: string }): Crypto {
  const secret = Buffer.from(options.secret);
  if (secret.length < 16) throw new Error('The secret is too short');

  // By way of a string of bytes: twice as fast as asking for a buffer, which is allocated by itself.
  function digest(data: string | Uint8Array): Buffer {
    return Buffer.from(hash('sha256', data, 'latin1'), 'latin1');
  }

  return {
    sha256: (text) => digest(text).toString('hex'),
    digest,
    hmac: (text) => createHmac('sha256', secret).update(text).digest('hex'),
    // Digests have one length, so that the length of the secret one does not show either.
    equal: (a, b) => timingSafeEqual(digest(a), digest(b)),
  };
}
