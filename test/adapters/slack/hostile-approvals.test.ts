import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteMembers } from '#app/role-ages.ts';
import { seenMessage } from '../../peers/slack/seen.ts';
import { addChannel } from '../../peers/slack/world.ts';
import { slackWorld } from './slack-world.ts';

describe('somebody who means harm, in the rules of approval', () => {
  let world: Awaited<ReturnType<typeof slackWorld>>;
  beforeEach(async () => {
    world = await slackWorld('socket');
  });
  afterEach(() => world.close());

  const shop = async (id = 'shop-1') => world.memory.read(id);

  async function deploy(text = 'deploy shop v2 production'): Promise<void> {
    await world.peer.people.command(world.people.ada, text, 'CREL');
    await world.drive(3);
  }

  it('row 23: waits while memberships cannot be asked, and says so', async () => {
    await deploy();
    world.peer.faults.next('users.info', { kind: 'error', error: 'fatal_error' }, 8);
    await world.press(world.people.grace, 'Approve');
    expect((await shop()).approvals).toEqual([]);
    expect(world.whispers(world.people.grace).join()).toMatch(/not be|cannot|known/);
  });

  it('row 24: a channel with the old name is another channel', async () => {
    const { peer, people, press } = world;
    await deploy();
    peer.state.channels.get('CAPP')?.members.delete(people.grace);
    addChannel(peer, 'CNEW', [people.grace, people.mallory], { facts: { name: 'approvers' } });
    await press(people.grace, 'Approve');
    await press(people.mallory, 'Approve');
    expect((await shop()).approvals).toEqual([]);
  });

  it('row 25: a friend who is let in just before does not count, nor does one who left for a while', async () => {
    await world.close();
    world = await slackWorld('socket', {
      turned: true,
      change: (text) => Object.assign(text.roles.approver, { age: '2h' }),
    });
    const { peer, people, press, memory } = world;
    const note = noteMembers(world.world);
    await note();
    await deploy();
    const members = peer.state.channels.get('CAPP')?.members;
    members?.add(people.mallory);
    await press(people.mallory, 'Approve');
    expect(world.whispers(people.mallory).at(-1)).toMatch(
      /for long enough: .*there since .*too_new/s,
    );
    // Who was there when Signalbox began to look is an approver; gone and back, a newcomer.
    await press(people.linus, 'Approve');
    members?.delete(people.grace);
    memory.pass(3_700);
    await note();
    members?.add(people.grace);
    await press(people.grace, 'Approve');
    expect(world.whispers(people.grace).at(-1)).toContain('access.too_new');
    expect((await shop()).approvals.map(({ by }) => by.account.user)).toEqual([people.linus]);
    // The age is counted, not the number of times that somebody asks.
    memory.pass(7_300);
    await press(people.mallory, 'Approve');
    expect((await shop()).approvals.map(({ by }) => by.account.user)).toEqual([
      people.linus,
      people.mallory,
    ]);
  });

  it('row 33: nobody approves what they asked for', async () => {
    const { peer, people, press } = world;
    peer.state.channels.get('CAPP')?.members.add(people.ada);
    await deploy();
    await press(people.ada, 'Approve');
    await peer.people.mention(people.ada, 'approve shop-1', { channel: 'CREL' });
    await world.bus.idle();
    expect((await shop()).approvals).toEqual([]);
  });

  it('rows 36, 39: the button of an earlier plan approves nothing of the present one', async () => {
    const { peer, people, memory } = world;
    await deploy();
    const [card] = world.cards();
    const old = card && seenMessage(card).buttons.find(({ label }) => /^Approve/.test(label));
    const { planHash } = await shop();
    memory.reconfigure((text) => {
      for (const gate of text.environments.production.gates) gate.options.quorum = 3;
    });
    await world.drive(20);
    expect((await shop()).planHash).not.toBe(planHash);
    await peer.people.press(people.grace, {
      channel: 'CREL',
      ts: card?.ts ?? '',
      token: old?.token ?? '',
    });
    await world.bus.idle();
    expect((await shop()).approvals.filter(({ hash }) => hash !== planHash)).toEqual([]);
  });

  it('row 38: an approval is void once its giver has left', async () => {
    const { peer, people, press } = world;
    await deploy();
    await press(people.grace, 'Approve');
    peer.state.channels.get('CAPP')?.members.delete(people.grace);
    await press(people.linus, 'Approve');
    await world.drive(10);
    expect(await shop()).toMatchObject({ phase: 'waiting', startedAt: null });
  });

  it('row 43: a denial wins over an approval at the same moment', async () => {
    const { peer, people, press, bus } = world;
    peer.state.channels.get('CAPP')?.members.add(people.mallory);
    await deploy();
    await press(people.grace, 'Approve');
    await Promise.all([
      peer.people.command(people.linus, 'approve shop-1', 'CREL'),
      peer.people.command(people.mallory, 'deny shop-1 because no', 'CREL'),
    ]);
    await bus.idle();
    await world.drive(10);
    expect((await shop()).startedAt).toBeNull();
  });

  it('row 46: what an approver reads is the plan, with the hash that is approved', async () => {
    await deploy();
    const asked = world.peer.state.messages.filter(({ channel }) => channel === 'CAPP');
    const [shown] = asked.map((one) => seenMessage(one).text);
    const { planHash } = await shop();
    expect(shown).toMatch(/plan [0-9a-f]{7,}/);
    const [, short = '?'] = /plan ([0-9a-f]{7,})/.exec(shown ?? '') ?? [];
    expect(planHash).toContain(short);
  });

  it('row 47: acts for nobody who may not act themselves', async () => {
    const { peer, people, bus } = world;
    for (const text of [
      'deploy shop v2 staging',
      'rollback shop production',
      'lock shop staging',
    ]) {
      await peer.people.command(people.mallory, text, 'CREL');
    }
    await bus.idle();
    await expect(shop()).rejects.toThrow();
    expect(world.whispers(people.mallory).join()).toContain('role');
  });

  it.each([
    'deploy shop v2 production --break-glass',
    'deploy shop v2 production --break-glass because .',
  ])('row 48: breaks no glass without a reason: %s', async (text) => {
    await world.peer.people.command(world.people.ada, text, 'CREL');
    await world.drive(10);
    const state = await shop().catch(() => null);
    expect(state?.startedAt ?? null).toBeNull();
  });

  it.each([
    'deploy shop v2 pr\u043eduction',
    'deploy shop v2 production.',
    'deploy shop v2 PRODUCTION',
    'deploy shop\nv2 production',
    'deploy shop\u0000 v2 production',
    'deploy \u202eshop v2 production',
    `deploy shop ${'v'.repeat(100_000)} production`,
    'deploy shop v2 --context=evil production',
    'deploy shop -oyaml production',
    'deploy shop ../../etc/passwd production',
    'deploy :ship: v2 production',
  ])('rows 49, 50, 55: takes no %j', async (text) => {
    await world.peer.people.command(world.people.ada, text, 'CREL');
    await world.drive(2);
    await expect(shop()).rejects.toThrow();
    expect(world.whispers(world.people.ada)).toHaveLength(1);
    expect(world.peer.refused).toEqual([]);
  });
});
