import type { Digest, Sha256 } from '#core/canonical.ts';

/** Hashing and message authentication. */
export interface Crypto {
  readonly sha256: Sha256;
  /** SHA-256 of bytes: 32 bytes. */
  readonly digest: Digest;
  /** Hex HMAC-SHA256 under the installation's secret. */
  hmac(text: string): string;
  /** Compares in constant time. */
  equal(a: string, b: string): boolean;
}
