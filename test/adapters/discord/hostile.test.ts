import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seenMessage } from '../../peers/discord/seen.ts';
import { signed } from '../../peers/discord/signature.ts';
import { application, guild, otherGuild } from '../../peers/discord/state.ts';
import { addRole } from '../../peers/discord/world.ts';
import { discordWorld, town } from './discord-world.ts';
import { findButton } from './press.ts';

const { ada, grace, linus, mallory, owner, pending, silenced, robot } = town.people;
type World = Awaited<ReturnType<typeof discordWorld>>;

describe('somebody who means harm, in Discord', () => {
  let world: World;
  beforeEach(async () => {
    world = await discordWorld('gateway');
    await world.command(ada, 'deploy', {
      service: 'shop',
      version: 'v2',
      environment: 'production',
    });
    await world.drive(3);
  });
  afterEach(() => world.close());

  const approvals = async () => (await world.memory.read('shop-1')).approvals.length;

  function approveButton() {
    const button = findButton(world.cards(), 'Approve');
    if (button === null) throw new Error('no card to approve');
    return button;
  }

  /** Sends in the form behind the button, as Discord does, with whatever else is claimed. */
  async function approve(user: string, claims: Readonly<Record<string, unknown>> = {}) {
    const { customId, ...where } = approveButton();
    const { people } = world.peer;
    await people.told(
      await people.submit(user, customId, { text: '' }, { ...where, with: claims }),
    );
    await world.bus.idle();
  }

  it('cannot press a button that was never shown', async () => {
    const { people } = world.peer;
    const { customId, ...where } = approveButton();
    const token = '0'.repeat(32);
    for (const id of [`a:0:${token}`, `y:1:${token}`, 'x', 'a:0:', customId.replace(/.$/, '!')]) {
      await people.told(await people.press(grace, id, where));
    }
    await people.told(await people.submit(grace, `q:0:o:${token}:Why`, { text: 'x' }, where));
    await people.told(await people.submit(grace, 'm:1', { command: ['approve'] }, where));
    await world.bus.idle();
    expect(await approvals()).toBe(0);
  });

  it.each([
    ['another server', { guild_id: otherGuild }],
    [
      'a direct message',
      { guild_id: undefined, member: undefined, user: { id: grace }, context: 1 },
    ],
    ['an app of one’s own', { authorizing_integration_owners: { '1': grace } }],
    ['an app of another server', { authorizing_integration_owners: { '0': otherGuild } }],
    ['a private channel of the app', { context: 2 }],
  ])('is refused in %s', async (_where, claims) => {
    await approve(grace, claims);
    expect(await approvals()).toBe(0);
  });

  it.each([
    ['the owner, an administrator', owner],
    ['one who has not passed the screening', pending],
    ['one who is timed out', silenced],
    ['a bot', robot],
    ['one without the role', mallory],
  ])('%s does not count, with whatever the payload claims', async (_who, user) => {
    const member = { user: { id: user }, roles: [town.approverRole], permissions: '8' };
    await approve(user, { member, app_permissions: '8' });
    expect(await approvals()).toBe(0);
  });

  it('is not taken for an approver because of a name, or of a role with the same name', async () => {
    const impostor = '600000000000000077';
    addRole(world.peer, impostor, '0', { name: `role ${town.approverRole}` });
    world.peer.state.members.get(mallory)?.roles.add(impostor);
    for (const name of ['grace', 'gr\u0430ce', '\u202eecarg', 'gra\u200bce', grace]) {
      const user = { id: mallory, username: name, global_name: name };
      await approve(mallory, { member: { user, roles: [town.approverRole] } });
    }
    expect(await approvals()).toBe(0);
  });

  it('counts one vote for many presses at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => approve(grace)));
    expect(await approvals()).toBe(1);
  });

  it('counts no form that is sent after the role was lost, and no vote after it', async () => {
    const { peer, memory, drive } = world;
    const { customId, ...where } = approveButton();
    await peer.people.press(grace, customId, where);
    peer.state.members.get(grace)?.roles.delete(town.approverRole);
    await approve(grace);
    expect(await approvals()).toBe(0);
    // A vote that was given counts no more once the role is gone, whatever was remembered.
    peer.state.members.get(grace)?.roles.add(town.approverRole);
    await approve(grace);
    peer.state.members.get(grace)?.roles.delete(town.approverRole);
    await approve(linus);
    await drive(5);
    expect((await memory.read('shop-1')).startedAt).toBeNull();
  });

  it('counts nobody once everybody sees the channel, or while Discord does not answer', async () => {
    const { peer } = world;
    const channel = peer.state.channels.get(town.approvers);
    const before = channel?.overwrites ?? [];
    if (channel !== undefined) channel.overwrites = [];
    await approve(grace);
    if (channel !== undefined) channel.overwrites = before;
    peer.faults.next('other', { kind: 'lost_503' });
    await approve(linus);
    expect(await approvals()).toBe(0);
    await approve(linus);
    expect(await approvals()).toBe(1);
  });

  it.each(['MESSAGE_REACTION_ADD', 'MESSAGE_CREATE'])(
    'takes no %s for an approval',
    async (event) => {
      const { message: id, channel: channel_id } = approveButton();
      const author = { id: grace, username: 'grace', discriminator: '0', avatar: null };
      const emoji = { id: null, name: '👍' };
      const sent = { id, channel_id, guild_id: guild, author, content: 'approve', emoji };
      world.peer.gateway.send(event, { ...sent, user_id: grace, message_id: id });
      await world.command(mallory, 'whoami');
      expect(await approvals()).toBe(0);
    },
  );

  it('cannot make the bot notify, link or hide by what is written in a command', async () => {
    const reason =
      '@everyone <@700000000000000002> [Approve](https://evil.example) ||x|| `y` ```ansi z```';
    const values = { service: 'shop', version: 'v2', environment: 'staging', reason };
    await world.command(ada, 'deploy', values);
    await world.drive(5);
    const seen = world.peer.state.messages.map(seenMessage);
    expect(seen.flatMap(({ pings }) => pings)).toEqual([]);
    expect(seen.some(({ text }) => text.includes('@everyone'))).toBe(true);
    expect(JSON.stringify(world.peer.state.messages)).not.toContain('](https://evil');
    expect(world.peer.refused).toEqual([]);
  });

  it.each(['pr\u043fduction', 'production.', 'PRODUCTION', '--environment=production', '../x'])(
    'guesses no environment for %s',
    async (environment) => {
      await world.command(ada, 'deploy', { service: 'shop', version: 'v2', environment });
      await expect(world.memory.read('shop-2')).rejects.toThrow();
    },
  );
});

describe('what arrives over HTTP', () => {
  let world: World;
  beforeEach(async () => {
    world = await discordWorld('http');
  });
  afterEach(() => world.close());

  const whoami = {
    id: '1234567890123456789',
    application_id: application,
    type: 2,
    token: 'secret-token',
    guild_id: guild,
    context: 0,
    authorizing_integration_owners: { '0': guild },
    member: { user: { id: ada } },
    data: { name: 'release', options: [{ type: 1, name: 'whoami', options: [] }] },
  };
  const answers = () => world.peer.calls.filter(({ path }) => path.startsWith('/webhooks/')).length;
  const seconds = (ahead: number) => String(Math.floor(Date.now() / 1000) + ahead);

  it.each([
    ['no signature', { signature: '' }],
    ['another signature', { signature: '0'.repeat(128) }],
    ['a short signature', { signature: 'abcd' }],
    ['no hexadecimal', { signature: 'z'.repeat(128) }],
    ['an old stamp', { timestamp: seconds(-360) }],
    ['a stamp of the future', { timestamp: seconds(360) }],
    ['no number as stamp', { timestamp: 'NaN' }],
    ['a negative stamp', { timestamp: '-1' }],
    ['an endless stamp', { timestamp: '1e400' }],
  ])('refuses %s, for a PING too', async (_name, change) => {
    for (const body of [whoami, { type: 1 }]) {
      expect((await signed(world.url, body, change)).status).toBe(401);
    }
    await world.bus.idle();
    expect(answers()).toBe(0);
  });

  it('refuses one changed byte, and what was meant for another application', async () => {
    const changed = { ...whoami, token: 'secret-tokem' };
    expect((await signed(world.url, whoami, { sent: JSON.stringify(changed) })).status).toBe(401);
    const foreign = { ...whoami, application_id: '800000000000000009' };
    expect((await signed(world.url, foreign)).status).toBe(401);
    expect((await signed(world.url, [whoami])).status).toBe(400);
    await world.bus.idle();
    expect(answers()).toBe(0);
  });

  it('takes nothing while it does not know which application it is', async () => {
    world.peer.outage(true);
    expect((await signed(world.url, whoami)).status).toBe(503);
    world.peer.outage(false);
    expect((await signed(world.url, whoami)).status).toBe(200);
  });

  it('does what is signed once, however often it comes', async () => {
    for (let time = 0; time < 3; time += 1) {
      const answer = await signed(world.url, whoami);
      expect(await answer.json()).toEqual({ type: 5, data: { flags: 64 } });
    }
    await world.bus.idle();
    expect(answers()).toBe(1);
  });
});
