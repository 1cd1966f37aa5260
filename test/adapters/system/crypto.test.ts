import { expect, it } from 'vitest';
import { createCrypto } from '#adapters/system/crypto.ts';
import { createRandom } from '#adapters/system/random.ts';

const crypto = createCrypto({ secret: 'Jefe'.padEnd(16, '.') });

it('hashes as FIPS 180-4 says', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(crypto.sha256('abc')).toBe(abc);
  expect(Buffer.from(crypto.digest(Buffer.from('abc'))).toString('hex')).toBe(abc);
});

it('signs under its secret', () => {
  const other = createCrypto({ secret: 'another secret of enough length' });
  expect(crypto.hmac('a')).toMatch(/^[0-9a-f]{64}$/);
  expect(crypto.hmac('a')).toBe(crypto.hmac('a'));
  expect(new Set([crypto.hmac('a'), crypto.hmac('b'), other.hmac('a')]).size).toBe(3);
  expect(() => createCrypto({ secret: 'short' })).toThrow('too short');
});

it('compares texts of any length', () => {
  expect(crypto.equal('same', 'same')).toBe(true);
  expect(crypto.equal('same', 'sama')).toBe(false);
  expect(crypto.equal('same', 'longer')).toBe(false);
  expect(crypto.equal('', '')).toBe(true);
});

it('draws tokens with the entropy that was asked for, fit for a URL', () => {
  const random = createRandom();
  const tokens = Array.from({ length: 100 }, () => random.token(128));
  expect(new Set(tokens).size).toBe(100);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{22}$/);
  expect(random.token(1)).toMatch(/^[\w-]{2}$/);
});
