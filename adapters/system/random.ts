import { randomBytes } from 'node:crypto';
import type { Random } from '#ports/random.ts';

/** Randomness of the operating system. */
export function createRandom(): Random {
  return { token: (bits) => randomBytes(Math.ceil(bits / 8)).toString('base64url') };
}
