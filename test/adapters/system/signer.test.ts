import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSigner, verifySignature } from '#adapters/system/signer.ts';

function file(): string {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-signer-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, 'new', 'ledger.pem');
}

describe('the signer', () => {
  it('makes its key once, for its owner alone, and keeps it', () => {
    const path = file();
    const first = openSigner(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(openSigner(path).publicKey).toEqual(first.publicKey);
    expect(first.publicKey).toHaveLength(32);
    expect(openSigner(file()).publicKey).not.toEqual(first.publicKey);
  });

  it('signs what others can verify, and nothing else passes', () => {
    const { publicKey, sign } = openSigner(file());
    const message = Buffer.from('message');
    const signature = sign(message);
    expect(verifySignature(publicKey, message, signature)).toBe(true);
    expect(verifySignature(publicKey, Buffer.from('massage'), signature)).toBe(false);
    expect(verifySignature(openSigner(file()).publicKey, message, signature)).toBe(false);
    expect(verifySignature(publicKey, message, signature.slice(1))).toBe(false);
    expect(verifySignature(new Uint8Array(3), message, signature)).toBe(false);
  });

  it('refuses another kind of key', () => {
    const path = file();
    openSigner(path);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(() => openSigner(path)).toThrow('not an Ed25519 key');
  });
});
