import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiscord, examine, register } from '#adapters/discord/index.ts';
import * as commands from '#commands/index.ts';
import { type DiscordPeer, startDiscordPeer } from '../../peers/discord/peer.ts';
import { publicKeyHex } from '../../peers/discord/signature.ts';
import { application, botToken, guild, otherGuild } from '../../peers/discord/state.ts';
import { silentLog as log } from '../silent.ts';
import { optionsFor, settle, town } from './discord-world.ts';

const url = 'https://signalbox.example/discord/interactions';
const clock = { now: () => Date.now() };
const place = (channel: string) => ({ tenant: guild, channel });
const source = { platform: 'discord', tenant: guild } as const;

describe('signalbox doctor discord', () => {
  let peer: DiscordPeer;
  beforeEach(async () => {
    peer = await startDiscordPeer();
    peer.buckets.limits({ perBucket: 1_000, perSecond: 1_000 });
    settle(peer);
  });
  afterEach(() => peer.close());

  const parts = (transport: 'gateway' | 'http') => ({
    options: optionsFor(peer, transport),
    secrets: { botToken, publicKey: publicKeyHex },
    command: 'release',
    commands: Object.values(commands),
    clock,
    log,
  });
  const question = (transport: 'gateway' | 'http' = 'gateway') => ({
    ...parts(transport),
    channels: [place(town.releases), place(town.approvers)],
    grants: [
      { kind: 'group', ...source, group: town.approverRole } as const,
      { kind: 'channel', ...source, channel: town.approvers } as const,
    ],
  });
  const fixes = (findings: Awaited<ReturnType<typeof examine>>) =>
    findings.filter(({ well }) => !well).map(({ what, fix }) => `${what}: ${fix}`);

  it.each(['gateway', 'http'] as const)('finds nothing where all is well, by %s', async (way) => {
    if (way === 'http') peer.state.app.endpoint = url;
    await register(parts(way));
    const findings = await examine(question(way));
    expect(fixes(findings)).toEqual([]);
    expect(findings.length).toBeGreaterThan(8);
    expect(peer.calls.filter(({ method }) => method !== 'GET').length).toBe(1);
  });

  const flaws: readonly (readonly [
    string,
    (at: DiscordPeer) => unknown,
    Parameters<typeof change>[0],
    RegExp,
  ])[] = [
    ['a wrong token', () => 0, { secrets: { botToken: 'no', publicKey: null } }, /Reset Token/],
    ['no token', () => 0, { secrets: { botToken: null, publicKey: null } }, /BOT_TOKEN/],
    [
      'an endpoint that takes everything',
      (at) => {
        at.state.app.endpoint = url;
      },
      {},
      /clear it/,
    ],
    [
      'an intent that nothing uses',
      (at) => {
        at.state.app.flags = 1 << 18;
      },
      {},
      /Turn the privileged intents off/,
    ],
    ['an intent that is missing', () => 0, { memberEvents: true }, /Server Members Intent/],
    [
      'a server without the bot',
      () => 0,
      { guilds: [guild, otherGuild] },
      /Add it: https.*permissions=/,
    ],
    [
      'an administrator',
      (at) => at.state.members.get(application)?.roles.add(town.administratorRole),
      {},
      /Take Administrator/,
    ],
    [
      'no pictures',
      (at) => {
        const channel = at.state.channels.get(town.releases);
        channel?.overwrites.push({ id: guild, type: 0, allow: '0', deny: `${1n << 15n}` });
      },
      {},
      /100000000000000001 takes cards: Allow: Attach Files \(metrics as pictures/,
    ],
    [
      'a hidden channel',
      (at) => at.state.members.get(application)?.roles.clear(),
      {},
      /100000000000000002 takes cards: Allow: View Channel/,
    ],
    [
      'an unknown channel',
      (at) => at.state.channels.delete(town.releases),
      {},
      /There is no such channel/,
    ],
    [
      'a channel that everybody sees',
      (at) => {
        const channel = at.state.channels.get(town.approvers);
        if (channel !== undefined) channel.overwrites = [];
      },
      {},
      /may grant roles: Everybody sees/,
    ],
    ['a role that is gone', (at) => at.state.roles.delete(town.approverRole), {}, /knows no role/],
    ['an old command', (at) => at.state.commands.pop(), {}, /Run signalbox discord register/],
    ['a clock that is wrong', () => 0, { ahead: 90_000 }, /9\d s off: turn on NTP/],
  ];

  function change(
    over: {
      secrets?: { botToken: string | null; publicKey: string | null };
      memberEvents?: boolean;
      guilds?: string[];
      ahead?: number;
    } = {},
  ) {
    const { secrets, memberEvents, guilds, ahead } = over;
    const asked = question();
    const options = {
      ...asked.options,
      ...(memberEvents === undefined ? {} : { memberEvents }),
      ...(guilds === undefined ? {} : { guilds }),
    };
    const later = { now: () => Date.now() + (ahead ?? 0) };
    return { ...asked, options, clock: later, secrets: secrets ?? asked.secrets };
  }

  it.each(flaws)('says what to do about %s', async (_flaw, make, over, fix) => {
    await register(parts('gateway'));
    make(peer);
    expect(fixes(await examine(change(over))).join('\n')).toMatch(fix);
  });

  it('compares the public key and the path of the endpoint', async () => {
    peer.state.app.endpoint = 'https://signalbox.example/elsewhere';
    const asked = { ...question('http'), secrets: { botToken, publicKey: 'ab'.repeat(32) } };
    const found = fixes(await examine(asked)).join('\n');
    expect(found).toContain(`Set SIGNALBOX_DISCORD_PUBLIC_KEY to ${publicKeyHex}`);
    expect(found).toContain('/discord/interactions under');
  });

  it('says so where Discord is not reachable, or down', async () => {
    peer.outage(true);
    expect(fixes(await examine(question())).join()).toContain('does not answer');
    const options = { ...question().options, api: 'http://127.0.0.1:9/api' };
    expect(fixes(await examine({ ...question(), options })).join()).toContain('reachable');
  });

  it('looks at the start too, at the servers and the channels', async () => {
    peer.state.members.get(application)?.roles.clear();
    const discord = createDiscord({ ...parts('gateway'), paint: null });
    const found = await discord.look([place(town.approvers), { tenant: otherGuild, channel: '1' }]);
    expect(fixes(found).join('\n')).toMatch(/View Channel[\s\S]*not among platforms/);
    await discord.close();
  });
});
