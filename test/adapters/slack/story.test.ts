import { afterEach, describe, expect, it } from 'vitest';
import { memoryArtifact } from '#adapters/memory/artifact-registry.ts';
import { seenMessage } from '../../peers/slack/seen.ts';
import { directChannel } from '../../peers/slack/state.ts';
import { slackWorld } from './slack-world.ts';

const production = { target: 'shop-production', service: 'shop', environment: 'production' };

describe.each(['socket', 'http'] as const)('a release in Slack, by %s', (transport) => {
  let world: Awaited<ReturnType<typeof slackWorld>>;
  afterEach(() => world.close());

  it('deploy, two approvals, canary, rollback by button and by verdict, at Slack’s pace, with faults all along', async () => {
    world = await slackWorld(transport, { tiers: true });
    const { peer, people, memory, press, drive, settle } = world;
    // Each delivery comes twice; posts and edits meet refusals and lost answers.
    peer.through(
      transport === 'http'
        ? { kind: 'http', url: `${world.door.url}/slack/events` }
        : { kind: 'socket' },
      2,
    );
    peer.faults.next('chat.postMessage', { kind: 'done_503' });
    peer.faults.next('chat.update', { kind: 'ratelimited', retryAfter: 1 });
    peer.faults.next('chat.update', { kind: 'lost_503' });

    await peer.people.command(people.ada, 'deploy shop v2 production', 'CREL');
    await drive(3);
    await settle();
    expect(world.cards()).toHaveLength(1);
    // The approvers are asked in their own channel, with the risk.
    const asked = () => peer.state.messages.filter(({ channel }) => channel === 'CAPP');
    expect(asked()).toHaveLength(1);
    const risk = JSON.stringify(asked().map(seenMessage));
    for (const part of ['Runs now', 'v1', 'Way back', 'Approve']) expect(risk).toContain(part);

    await press(people.ada, 'Approve');
    expect(world.whispers(people.ada).join('\n')).toMatch(/role|approve/i);
    await press('UEXT', 'Approve');
    await press('UGUEST', 'Approve');
    await press(people.grace, 'Approve');
    await drive(3);
    expect((await memory.read('shop-1')).phase).toBe('waiting');
    if (transport === 'socket') peer.sockets.refresh();
    await press(people.linus, 'Approve');
    await drive(30);
    if (transport === 'socket') peer.sockets.cut();
    expect((await memory.read('shop-1')).weights).toEqual({ 'shop-production': 20 });
    await drive(130);
    expect((await memory.read('shop-1')).phase).toBe('succeeded');
    expect((await memory.read('shop-1')).approvals.map(({ by }) => by.account.user)).toEqual([
      people.grace,
      people.linus,
    ]);

    // Nobody is asked any more, and the requester heard of both decisions.
    expect(asked().flatMap((one) => seenMessage(one).buttons)).toEqual([]);
    const told = peer.state.messages.filter(({ channel }) => channel === directChannel(people.ada));
    expect(told.filter((one) => seenMessage(one).text.includes('approved v2'))).toHaveLength(2);

    await press(people.ada, 'Roll back');
    await drive(30);
    await settle();
    expect((await memory.read('shop-2')).phase).toBe('succeeded');
    const status = await memory.target.target.inspect(production);
    expect(status.stable?.artifact).toEqual(memoryArtifact('shop', 'v1'));

    await peer.people.command(people.ada, 'unlock shop production', 'CREL');
    await peer.people.command(people.ada, 'deploy shop v3 production', 'CREL');
    await drive(3);
    await settle();
    await press(people.grace, 'Approve');
    await press(people.linus, 'Approve');
    await drive(110);
    await settle();
    expect((await memory.read('shop-3')).phase).toBe('rolled_back');
    expect((await memory.target.target.inspect(production)).stable?.artifact.version).toBe('v1');

    // One card per release, no note twice, no button left that does nothing, nothing refused.
    const cards = world.cards().map(seenMessage);
    for (const id of ['shop-1', 'shop-2', 'shop-3']) {
      // One that replaced another is named on its card, too.
      expect(cards.filter(({ text }) => text.match(/.*$/)?.[0].includes(id))).toHaveLength(1);
    }
    const notes = peer.state.messages.filter(({ thread }) => thread !== null);
    const keys = notes.map(({ metadata }) => JSON.stringify(metadata));
    expect(new Set(keys).size).toBe(keys.length);
    expect(notes.length).toBeGreaterThan(3);
    expect(peer.refused).toEqual([]);
    expect(memory.problems).toEqual([]);
  });
});
