import { expect, it } from 'vitest';
import { createMemoryDirectory } from '#adapters/memory/directory.ts';
import { watchRoleSources } from '#app/watch-role-sources.ts';
import { memoryWorld } from './memory-world.ts';

const day = 86_400;

/** Two processes that watch one channel, and what the channel of the releases was told. */
function watched(audit?: object) {
  const clock = { now: () => memory.now() };
  const chat = createMemoryDirectory({ platform: 'slack', tenant: 'T1', clock });
  const grant = chat.world.channel('CAPP');
  const memory = memoryWorld((text) => {
    Object.assign(text.roles, { approver: { may: ['approve'], from: [grant] } });
    Object.assign(text.channels, { audit: { console: 'audit' } });
    if (audit !== undefined) Object.assign(text, { audit });
  });
  const world = {
    ...memory.world,
    directory: (name: string) => (name === 'slack' ? chat.directory : undefined),
  };
  const processes = [1, 2].map(() => watchRoleSources(world));
  const round = async (seconds = 150) => {
    memory.pass(seconds);
    for (const process of processes) await process();
  };
  const told = async () => {
    const due = await memory.store.transact((tx) => tx.dueSurfaces(memory.now(), 50));
    return due.map(({ desired, channel }) => `${channel.channel}: ${desired.summary}`);
  };
  return { round, told, chat };
}

it('tells once when a source of a role is shared, and says when it counts again', async () => {
  const { round, told, chat } = watched();
  await round();
  expect(await told()).toEqual([]);
  chat.world.channel('CAPP', { shared: true });
  await round();
  await round();
  const lost = 'releases: The channel CAPP gives no role any more: approver.';
  expect(await told()).toEqual([lost]);
  chat.world.channel('CAPP');
  await round();
  expect(await told()).toEqual(['releases: The channel CAPP gives its roles again: approver.']);
});

it('says it again on the next day, and in the channel of the audit where there is one', async () => {
  const { round, told, chat } = watched({ channel: 'audit' });
  chat.world.channel('CAPP', { private: false });
  await round();
  await round(day);
  const lost = 'audit: The channel CAPP gives no role any more: approver.';
  expect(await told()).toEqual([lost, lost]);
});

it('takes a platform that does not answer for no news', async () => {
  const { round, told, chat } = watched();
  chat.world.outage(true);
  await round();
  expect(await told()).toEqual([]);
});
