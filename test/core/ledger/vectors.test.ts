import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createCrypto } from '#adapters/system/crypto.ts';
import { verifySignature } from '#adapters/system/signer.ts';
import { Proof, verifyProof } from '#app/audit/prove.ts';
import { verifyExport } from '#app/audit/verify-export.ts';
import { trustedCheckpoint } from '#core/ledger/checkpoint.ts';
import { parseVerifierKey } from '#core/ledger/note.ts';
import { installationKey } from '#core/ledger/origin.ts';

const { digest } = createCrypto({ secret: 'not used for digests' });
const page = read('ledger.md');
const [checkpoint = '', keyText = ''] = [...page.matchAll(/```\n([^`]+)```/g)].map(
  ([, text = '']) => text,
);
const key = parseVerifierKey(digest, keyText);

function read(name: string): string {
  return readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
}

describe('the vectors that are published', () => {
  it('have the key and the checkpoint that the page shows', () => {
    expect(key).toEqual(installationKey(digest, key?.publicKey ?? new Uint8Array(0)));
    expect(key && trustedCheckpoint(digest, verifySignature, checkpoint, key)).toMatchObject({
      origin: key?.name,
      size: 3,
    });
  });

  it('are intact under that key and that checkpoint', async () => {
    const lines = read('ledger-vector.jsonl').split('\n');
    const report = await verifyExport({
      lines,
      checkpoints: [checkpoint],
      key,
      digest,
      verify: verifySignature,
    });
    expect(report).toMatchObject({
      verdict: 'intact',
      size: 3,
      checkpoints: { given: 2, agreed: 2 },
    });
  });

  it('prove the second event', () => {
    const proof = Proof.parse(JSON.parse(read('ledger-proof.json')));
    expect(proof.seq).toBe(2);
    expect(key && verifyProof({ digest, verify: verifySignature, key }, proof)).toBe(true);
  });
});
