import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isResponseUrl } from '#adapters/slack/reply-to.ts';
import { watchRoleSources } from '#app/watch-role-sources.ts';
import { seenMessage } from '../../peers/slack/seen.ts';
import { slackWorld } from './slack-world.ts';

describe('somebody who means harm, in Slack', () => {
  let world: Awaited<ReturnType<typeof slackWorld>>;
  beforeEach(async () => {
    world = await slackWorld('socket');
    await world.peer.people.command(world.people.ada, 'deploy shop v2 production', 'CREL');
    await world.drive(3);
  });
  afterEach(() => world.close());

  const approvals = async () => (await world.memory.read('shop-1')).approvals.length;

  function approveButton() {
    const [card] = world.cards();
    const button = card && seenMessage(card).buttons.find(({ label }) => /^Approve/.test(label));
    if (card === undefined || button === undefined) throw new Error('no card to approve');
    return { channel: 'CREL', ts: card.ts, token: button.token };
  }

  it('cannot press a button that was never shown, or under another workspace', async () => {
    const { peer, people, bus } = world;
    const button = approveButton();
    await peer.people.press(people.grace, { ...button, token: `a.${'0'.repeat(32)}` });
    const foreign = { team: { id: 'T0000009', domain: 'evil' } };
    // Nobody acknowledges this one, so nobody waits for it.
    void peer.people.press(people.grace, button, foreign).catch(() => null);
    await peer.people.command(people.grace, 'whoami', 'CREL');
    await bus.idle();
    expect(await approvals()).toBe(0);
  });

  it('counts one vote for many presses at once', async () => {
    const { peer, people, bus } = world;
    const button = approveButton();
    await Promise.all(Array.from({ length: 20 }, () => peer.people.press(people.grace, button)));
    await bus.idle();
    expect(await approvals()).toBe(1);
  });

  it('counts no form that is sent after the role was lost', async () => {
    const { peer, people, bus, press } = world;
    peer.faults.next('chat.postEphemeral', { kind: 'lost_503' });
    await press(people.mallory, 'Approve', 'trust me');
    peer.state.channels.get('CAPP')?.members.delete(people.grace);
    await press(people.grace, 'Approve', 'an hour later');
    await bus.idle();
    expect(await approvals()).toBe(0);
  });

  it.each([
    { type: 'reaction_added', user: 'UGRACE', reaction: '+1' },
    { type: 'message', user: 'UGRACE', text: 'approve', channel: 'CREL' },
  ])('takes no $type for an approval', async (event) => {
    await world.peer.people.event(event);
    await world.bus.idle();
    expect(await approvals()).toBe(0);
  });

  it('counts a deactivated approver no more, and nobody once the channel is shared', async () => {
    const { peer, people, bus } = world;
    const grace = peer.state.users.get(people.grace);
    if (grace !== undefined) grace.deleted = true;
    await peer.people.press(people.grace, approveButton());
    await bus.idle();
    const channel = peer.state.channels.get('CAPP');
    if (channel !== undefined) channel.facts = { is_pending_ext_shared: true };
    await peer.people.press(people.linus, approveButton());
    await bus.idle();
    expect(await approvals()).toBe(0);
  });

  it('row 21: people are told when the channel of the approvers is shared', async () => {
    const { peer, drive, memory } = world;
    const watch = watchRoleSources(world.world);
    await watch();
    const channel = peer.state.channels.get('CAPP');
    if (channel !== undefined) channel.facts = { is_ext_shared: true };
    memory.pass(200);
    await watch();
    await drive(3);
    const [told] = world.cards().filter(({ text }) => text.includes('CAPP'));
    expect(told?.text).toContain('gives no role any more: approver');
    expect(JSON.stringify(told?.blocks)).toContain('shared with another organisation');
  });

  it('is not taken for an approver because of a name', async () => {
    const { peer, bus } = world;
    for (const username of ['ugrace', 'UGRACE', 'ugrаce', '\u202eecargu']) {
      const user = { id: 'UMALLORY', username, name: username, team_id: 'T0000001' };
      await peer.people.press('UMALLORY', approveButton(), { user });
    }
    await bus.idle();
    expect(await approvals()).toBe(0);
  });

  it('cannot make the bot notify or link by what is written in a command', async () => {
    const { peer, people, drive } = world;
    const text =
      'deploy shop v2 staging because <!channel> <@U0000BOT> <https://evil.example|Approve> `x`';
    await peer.people.command(people.ada, text, 'CREL');
    await drive(5);
    const seen = [...peer.state.messages, ...peer.state.whispers].map(seenMessage);
    expect(seen.flatMap(({ pings }) => pings)).toEqual([]);
    expect(peer.refused).toEqual([]);
  });
});

it.each([
  'http://169.254.169.254/',
  'http://[::1]/',
  'https://hooks.slack.com@evil.example/',
  'https://hooks_slack.com/',
  'https://hooks.slack.com:444/',
  'http://hooks.slack.com/',
  'https://hooks.slack.com.evil.example/',
])('sends no answer to %s', (url) => {
  expect(isResponseUrl(url, 'https://slack.com/api/')).toBe(false);
});

it('mentions the user group of the approvers where the release is shown, while it waits', async () => {
  const world = await slackWorld('socket', {
    change(text) {
      const from = [{ kind: 'group', platform: 'slack', tenant: 'T0000001', group: 'S0APP' }];
      Object.assign(text.roles, { approver: { may: ['view', 'approve'], from } });
    },
  });
  const { peer, people, drive, press } = world;
  const members = new Set([people.grace, people.linus]);
  peer.state.groups.set('S0APP', { members, facts: {} });
  await peer.people.command(people.ada, 'deploy shop v2 production', 'CREL');
  await drive(4);
  const pings = () => peer.state.messages.flatMap((one) => seenMessage(one).pings);
  expect(pings()).toEqual(['{"type":"usergroup","usergroup_id":"S0APP"}']);
  await press(people.grace, 'Approve');
  await press(people.linus, 'Approve');
  await drive(4);
  expect((await world.memory.read('shop-1')).startedAt).not.toBeNull();
  expect(pings()).toEqual([]);
  await world.close();
});
