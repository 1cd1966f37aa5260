import { expect, it } from 'vitest';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { createCrypto } from '#adapters/system/crypto.ts';
import { createChannelAnchor } from '#app/channel-anchor.ts';

const hour = 3_600_000;
const { sha256 } = createCrypto({ secret: 'not used for hashes' });
const at = (platform: string) => ({ platform, tenant: 'T1', channel: 'audit', thread: null });

it('posts a checkpoint once an hour to each channel, whoever else does', async () => {
  const time = { now: 10 * hour };
  const { store } = createMemoryStore({ clock: { now: () => time.now } });
  const pokes: string[] = [];
  const needs = { store, sha256, pokeDelivery: () => void pokes.push('poke') };
  const channels = [at('slack'), at('discord')];
  const processes = [1, 2].map(() => createChannelAnchor(needs, () => channels));
  const said = async (id: string) => {
    const surface = await store.transact((tx) => tx.surface(id));
    return surface === null ? null : { final: surface.final, blocks: surface.desired.blocks };
  };
  for (const note of ['first\n', 'second\n']) {
    for (const anchor of processes) await anchor.publish(note);
  }
  const first = {
    final: true,
    blocks: [expect.objectContaining({ kind: 'note' }), { kind: 'code', text: 'first\n' }],
  };
  expect(await said('checkpoint:slack:T1:audit:10')).toEqual(first);
  expect(await said('checkpoint:discord:T1:audit:10')).toEqual(first);
  expect(pokes).toHaveLength(4);

  time.now += hour;
  await processes[0]?.publish('third\n');
  expect(await said('checkpoint:slack:T1:audit:11')).toMatchObject({
    blocks: [{ kind: 'note' }, { text: 'third\n' }],
  });
  expect(await processes[0]?.newest()).toBeNull();
});
