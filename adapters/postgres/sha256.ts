import { hash } from 'node:crypto';

/**
 * SHA-256 of bytes. By way of a string of bytes: that is twice as fast as asking for a buffer,
 * each of which would be allocated by itself.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  return Buffer.from(hash('sha256', bytes, 'latin1'), 'latin1');
}
