import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { verifySignature } from '#adapters/system/signer.ts';
import type { Trust } from '#app/audit/trust.ts';
import { installationKey } from '#core/ledger/origin.ts';
import { signalbox } from '#core/people.ts';
import type { Database } from '#ports/database.ts';
import type { Signer } from '#ports/signer.ts';
import type { Store } from '#ports/store.ts';

export const digest = (bytes: Uint8Array): Uint8Array =>
  Buffer.from(hash('sha256', bytes, 'latin1'), 'latin1');

/** A signer with a key of its own, and what an auditor needs to believe it. */
export function newSigner(): { readonly signer: Signer; readonly trust: Trust } {
  const pair = generateKeyPairSync('ed25519');
  const publicKey = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const signer: Signer = { publicKey, sign: (message) => sign(null, message, pair.privateKey) };
  return {
    signer,
    trust: {
      digest,
      verify: verifySignature,
      key: installationKey(digest, publicKey),
      formerKeys: [],
    },
  };
}

/** Appends so many events in one transaction, five to a stream, each saying `word`. */
export async function fill(store: Store, count: number, word = 'true'): Promise<void> {
  await store.transact(async (tx) => {
    const { size } = await tx.head();
    for (let done = size; done < size + count; done += 5) {
      const notes = Array.from(
        { length: Math.min(5, size + count - done) },
        (_, nth) => done + nth,
      );
      await tx.append({
        stream: `rollout:shop-${done}`,
        kind: 'rollout',
        expectedVersion: 0,
        events: notes.map((nth) => ({
          actor: signalbox,
          body: { kind: 'step.noted', ...{ note: `${word} ${nth}` } },
        })),
        row: {
          service: 'shop',
          environment: 'staging',
          phase: null,
          active: false,
          ended: false,
          wakeAt: null,
          state: {},
        },
      });
    }
  });
}

/** What somebody with all rights to the database can do: nothing there stops them. */
export async function asAttacker(database: Database, sql: string): Promise<void> {
  const tables = ['ledger', 'checkpoint', 'stream'].map((name) => `signalbox.${name}`);
  const triggers = (verb: string) =>
    tables.map((table) => `ALTER TABLE ${table} ${verb} TRIGGER USER`).join('; ');
  await database.query(`BEGIN; ${triggers('DISABLE')}; ${sql}; ${triggers('ENABLE')}; COMMIT`);
}

/** The whole history is gone. */
export const reset = 'TRUNCATE signalbox.ledger, signalbox.checkpoint, signalbox.stream';
/** The bytes of an event that says something else. */
export const another = `convert_to(replace(convert_from(bytes, 'UTF8'), 'true 16', 'lies 16'), 'UTF8')`;
