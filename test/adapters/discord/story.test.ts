import { afterEach, describe, expect, it } from 'vitest';
import { memoryArtifact } from '#adapters/memory/artifact-registry.ts';
import { seenMessage } from '../../peers/discord/seen.ts';
import { discordWorld, town } from './discord-world.ts';

const production = { target: 'shop-production', service: 'shop', environment: 'production' };
const { ada, grace, linus, owner, pending, silenced, robot } = town.people;

describe.each(['gateway', 'http'] as const)('a release in Discord, by %s', (transport) => {
  let world: Awaited<ReturnType<typeof discordWorld>>;
  afterEach(() => world.close());

  it('deploy, two approvals, canary, rollback by button and by verdict, with faults all along', async () => {
    world = await discordWorld(transport);
    const { peer, memory, press, command, drive, calm } = world;
    // Each delivery comes twice; posts and edits meet refusals and lost answers.
    peer.people.through(world.way, 2);
    peer.faults.next('post', { kind: 'done_503' });
    peer.faults.next('post', { kind: 'ratelimited', retryAfter: 0.02 });
    peer.faults.next('edit', { kind: 'ratelimited', retryAfter: 0.02 });
    peer.faults.next('edit', { kind: 'lost_503' });
    peer.faults.next('edit', { kind: 'reset', done: true });

    await command(ada, 'deploy', { service: 'shop', version: 'v2', environment: 'production' });
    await drive(3);
    await calm();
    expect(world.cards()).toHaveLength(1);
    // The approvers are asked in their own channel, with the risk.
    const asked = () =>
      peer.state.messages.filter(
        ({ channel, alone }) => channel === town.approvers && alone === null,
      );
    expect(asked()).toHaveLength(1);
    const risk = JSON.stringify(asked().map(seenMessage));
    for (const part of ['Runs now', 'v1', 'Way back', 'Approve']) expect(risk).toContain(part);

    await press(ada, 'Approve');
    expect(world.whispers(ada).join('\n')).toMatch(/role|approve/i);
    for (const nobody of [owner, pending, silenced, robot]) await press(nobody, 'Approve');
    await press(grace, 'Approve');
    await drive(3);
    expect((await memory.read('shop-1')).phase).toBe('waiting');
    if (transport === 'gateway') {
      peer.gateway.reconnect();
      await peer.gateway.resumed(1);
    }
    await press(linus, 'Approve');
    await drive(30);
    expect((await memory.read('shop-1')).weights).toEqual({ 'shop-production': 20 });
    if (transport === 'gateway') {
      peer.gateway.cut();
      await peer.gateway.resumed(2);
    }
    await drive(130);
    const done = await memory.read('shop-1');
    expect(done.phase).toBe('succeeded');
    expect(done.approvals.map(({ by }) => by.account.user)).toEqual([grace, linus]);
    // The canary was shown in the thread, as a picture beside the table.
    await calm();
    const pictures = peer.state.messages.flatMap(({ attachments }) => attachments);
    const trouble = peer.calls.filter(({ status }) => status >= 400);
    expect(
      pictures.map(({ filename }) => filename),
      JSON.stringify({ refused: peer.refused, trouble }),
    ).toContain('chart.png');

    // Nobody is asked any more, and the requester heard of both decisions.
    expect(asked().flatMap((one) => seenMessage(one).buttons)).toEqual([]);
    const direct = [...peer.state.channels.values()].find(({ person }) => person === ada)?.id;
    const told = peer.state.messages.filter(({ channel }) => channel === direct);
    expect(told.filter((one) => seenMessage(one).text.includes('approved v2'))).toHaveLength(2);

    await press(ada, 'Roll back');
    await drive(30);
    await calm();
    expect((await memory.read('shop-2')).phase).toBe('succeeded');
    const status = await memory.target.target.inspect(production);
    expect(status.stable?.artifact).toEqual(memoryArtifact('shop', 'v1'));

    await command(ada, 'unlock', { service: 'shop', environment: 'production' });
    await command(ada, 'deploy', { service: 'shop', version: 'v3', environment: 'production' });
    await drive(3);
    await calm();
    await press(grace, 'Approve');
    await press(linus, 'Approve');
    // The countdown is stopped once; the release stays where it is until somebody decides.
    await driveUntil(async () => (await memory.read('shop-3')).countdown !== null);
    await press(ada, 'Stop');
    await drive(20);
    expect((await memory.read('shop-3')).phase).toBe('paused');
    await press(ada, 'Roll back to v1');
    await drive(30);
    await calm();
    expect((await memory.read('shop-3')).phase).toBe('rolled_back');
    await command(ada, 'unlock', { service: 'shop', environment: 'production' });

    // Without a word from anybody it goes back by itself.
    await command(ada, 'deploy', {
      service: 'shop',
      version: 'v3',
      environment: 'production',
      reason: 'once more',
    });
    await drive(3);
    await press(grace, 'Approve');
    await press(linus, 'Approve');
    await drive(110);
    await calm();
    expect((await memory.read('shop-4')).phase).toBe('rolled_back');
    expect((await memory.target.target.inspect(production)).stable?.artifact.version).toBe('v1');

    // One card per release, no note twice, no button left that does nothing, nothing refused.
    const cards = world.cards().map(seenMessage);
    for (const id of ['shop-1', 'shop-2', 'shop-3', 'shop-4']) {
      // One that replaced another is named on its card, too.
      expect(cards.filter(({ text }) => text.match(/.*$/)?.[0].includes(id))).toHaveLength(1);
    }
    const notes = peer.state.messages.filter(
      ({ channel }) => peer.state.channels.get(channel)?.type === 11,
    );
    const keys = notes.map(({ channel, nonce }) => `${channel} ${nonce}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(notes.length).toBeGreaterThan(3);
    expect(peer.refused).toEqual([]);
    expect(memory.problems).toEqual([]);

    async function driveUntil(reached: () => Promise<boolean>): Promise<void> {
      for (let second = 0; second < 120; second += 1) {
        await drive(1);
        if (await reached()) return drive(1);
      }
      throw new Error('that never came');
    }
  });
});
