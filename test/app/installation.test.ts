import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { changeInstallationKeys, formerKeys, joinInstallation } from '#app/installation.ts';
import { formatVerifierKey } from '#core/ledger/note.ts';
import { signalbox } from '#core/people.ts';
import { digest, newSigner } from './audit/auditor-kit.ts';

const keyOf = (signer = newSigner()) => formatVerifierKey(digest, signer.trust.key);
const [monday, friday] = [keyOf(), keyOf()];
const secret = 'a fingerprint';
const storeNow = () => createMemoryStore({ clock: { now: () => 1000 } }).store;

describe('the keys of an installation', () => {
  it('are those of its first process, and the same for those that follow', async () => {
    const store = storeNow();
    expect(await joinInstallation(store, { signingKey: monday, secret })).toEqual([]);
    expect(await joinInstallation(store, { signingKey: monday, secret })).toEqual([]);
    const events = await store.transact((tx) => tx.events({ streamPrefix: 'system:' }));
    expect(events.map(({ body }) => body.kind)).toEqual(['installation.keys']);
  });

  it.each([
    ['another signing key', { signingKey: friday, secret }, ['SIGNALBOX_SIGNING_KEY']],
    ['another secret', { signingKey: monday, secret: 'x' }, ['SIGNALBOX_SECRET']],
    ['both', { signingKey: friday, secret: 'x' }, ['SIGNALBOX_SIGNING_KEY', 'SIGNALBOX_SECRET']],
  ])('are told from %s, and stay what they were', async (_, keys, differences) => {
    const store = storeNow();
    await joinInstallation(store, { signingKey: monday, secret });
    expect(await joinInstallation(store, keys)).toEqual(differences);
    expect(await joinInstallation(store, { signingKey: monday, secret })).toEqual([]);
  });

  it('change when somebody says so, and the former one stays known', async () => {
    const store = storeNow();
    await joinInstallation(store, { signingKey: monday, secret });
    expect(await formerKeys(store, digest)).toEqual([]);
    const changed = { signingKey: friday, secret: 'new' };
    await store.transact((tx) => changeInstallationKeys(tx, changed, signalbox));
    await store.transact((tx) => changeInstallationKeys(tx, changed, signalbox));
    expect(await joinInstallation(store, changed)).toEqual([]);
    const former = await formerKeys(store, digest);
    expect(former.map((key) => formatVerifierKey(digest, key))).toEqual([monday]);
    const events = await store.transact((tx) => tx.events({ streamPrefix: 'system:' }));
    expect(events).toHaveLength(2);
  });
});
