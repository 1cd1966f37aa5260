import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChartPainter } from '#adapters/charts/chart-painter.ts';
import { createConfirmations } from '#adapters/discord/confirmations.ts';
import { createDiscordDirectory } from '#adapters/discord/directory.ts';
import { createPictures } from '#adapters/discord/pictures.ts';
import { createDiscordPlatform } from '#adapters/discord/platform.ts';
import { createRest } from '#adapters/discord/rest.ts';
import { Fault } from '#core/fault.ts';
import type { Block, View } from '#core/message.ts';
import type { ChartPainter } from '#ports/chart-painter.ts';
import type { ChatPlatform } from '#ports/chat.ts';
import { type DiscordPeer, startDiscordPeer } from '../../peers/discord/peer.ts';
import { componentsOf, seenMessage } from '../../peers/discord/seen.ts';
import { application, botToken, guild, otherGuild } from '../../peers/discord/state.ts';
import { addChannel } from '../../peers/discord/world.ts';
import { silentLog as log } from '../silent.ts';
import { optionsFor, settle, town } from './discord-world.ts';
import { onePixel } from './press.ts';

const other = '100000000000000009';
const { ada, grace } = town.people;

describe('what Discord limits, and what its SDK makes of that', () => {
  let peer: DiscordPeer;
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  beforeEach(async () => {
    ahead = 0;
    peer = await startDiscordPeer();
    peer.buckets.limits({ perBucket: 10_000, perSecond: 10_000 });
    settle(peer);
    addChannel(peer, other);
  });
  afterEach(() => peer.close());

  const restOf = () => createRest({ token: botToken, options: optionsFor(peer), clock, log });
  function platformOf(paint: ChartPainter = async () => onePixel): ChatPlatform {
    const pictures = createPictures({ paint, everyMs: 30_000, clock, log });
    const confirmations = createConfirmations();
    const shared = { rest: restOf(), pictures, confirmations, clock };
    return createDiscordPlatform({ ...shared, charts: 'image', requestsPerSecond: 50 });
  }
  const at = (channel: string = town.releases) => ({
    platform: 'discord',
    tenant: guild,
    channel,
    thread: null,
  });
  const say = (title: string, ...blocks: readonly Block[]): View => ({
    tone: 'neutral',
    title,
    summary: title,
    blocks,
  });
  const shown = (channel: string = town.releases) =>
    peer.state.messages.filter((one) => one.channel === channel);
  const calls = (method: string) => peer.calls.filter((one) => one.method === method);

  async function failure(work: Promise<unknown>): Promise<Fault> {
    const thrown = await work.then(
      () => null,
      (error: unknown) => error,
    );
    if (thrown instanceof Fault) return thrown;
    throw new Error(`expected a fault, got ${String(thrown)}`);
  }

  it('says at once that a channel is used up, asks no further, and holds up no other', async () => {
    peer.buckets.limits({ perBucket: 5 });
    const chat = platformOf();
    const card = await chat.post(at(), say('one'), 'k');
    const second = await chat.post(at(other), say('two'), 'k2');
    for (let time = 0; time < 5; time += 1) await chat.edit(card, say(`${time}`), 'e');
    const fault = await failure(chat.edit(card, say('too much'), 'e'));
    expect(fault).toMatchObject({ code: 'chat.rate_limited', retryable: true });
    expect(chat.scopes('edit', at()).map(({ scope }) => scope)).toContain(fault.scope);
    await chat.edit(second, say('still free'), 'e');
    await chat.post(at(), say('still free'), 'k3');
    expect(peer.calls.every(({ status }) => status === 200)).toBe(true);
  });

  it('charges the limit over all to everything, and answers people nevertheless', async () => {
    const chat = platformOf();
    peer.faults.next('post', { kind: 'ratelimited', retryAfter: 3, global: true });
    const fault = await failure(chat.post(at(), say('x'), 'k'));
    expect(fault.scope).toBe('discord:global');
    for (const channel of [town.releases, other]) {
      const scopes = chat.scopes('post', at(channel)).map(({ scope }) => scope);
      expect(scopes).toContain('discord:global');
    }
    expect(JSON.stringify(chat.scopes('reply', at()))).not.toContain('global');
    const begun = peer.people.begin(2, ada, { channel: town.releases });
    peer.answer(begun, { type: 5, data: { flags: 64 } });
    await chat.reply(replyTo(begun.token), quiet(say('here you are')));
    expect(seenMessage(shown().at(-1) ?? missing()).text).toContain('here you are');
  });

  it('does not retry an edit that comes too late, and holds up no other edit for it', async () => {
    const chat = platformOf();
    const old = await chat.post(at(), say('old'), 'k');
    peer.state.lead = 3_700_000;
    const young = await chat.post(at(), say('young'), 'k2');
    const began = Date.now();
    expect((await failure(chat.edit(old, say('late'), 'e'))).code).toBe('chat.gone');
    await chat.edit(young, say('in time'), 'e2');
    expect(Date.now() - began).toBeLessThan(900);
    expect(calls('PATCH').map(({ status }) => status)).toEqual([429, 200]);
  });

  it('keeps its token after it was refused once', async () => {
    const chat = platformOf();
    peer.faults.next('post', { kind: 'error', status: 401, code: 0 });
    expect((await failure(chat.post(at(), say('x'), 'k'))).code).toBe('chat.auth_lost');
    await chat.post(at(), say('x'), 'k');
    expect(shown()).toHaveLength(1);
  });

  it.each([{ kind: 'done_503' }, { kind: 'reset', done: true }] as const)(
    'posts once, whatever the answer says: %o',
    async (fault) => {
      const chat = platformOf();
      peer.faults.next('post', fault);
      expect((await failure(chat.post(at(), say('x'), 'k'))).code).toBe('chat.ambiguous');
      expect(calls('POST')).toHaveLength(1);
      const found = await chat.find(at(), 'k');
      // Even without having looked: the nonce makes it the same one.
      expect(await chat.post(at(), say('x'), 'k')).toEqual(found);
      expect(shown()).toHaveLength(1);
      // To a person too, long after Discord has forgotten the nonce.
      peer.faults.next('post', fault);
      const to = { tenant: guild, user: ada };
      await failure(chat.tell(to, say('for you'), 'k3'));
      peer.state.lead = 600_000;
      const told = await chat.tell(to, say('for you'), 'k3', true);
      expect(shown(told.channel.channel)).toHaveLength(1);
    },
  );

  it('stops long before Discord bans the address, and begins again when the time is over', async () => {
    const rest = restOf();
    const refused = () => rest.ask({ method: 'GET', path: `/guilds/${otherGuild}` });
    for (let round = 0; round < 20; round += 1) {
      await Promise.allSettled(Array.from({ length: 50 }, refused));
    }
    const asked = peer.calls.length;
    expect(asked).toBe(1_000);
    await expect(refused()).rejects.toThrow('Too many requests');
    expect(peer.calls).toHaveLength(asked);
    expect(peer.buckets.banned()).toBe(false);
    ahead = 601_000;
    await rest.ask({ method: 'GET', path: `/guilds/${guild}` });
  });

  it('is patient where people wait for a decision', async () => {
    peer.buckets.limits({ perBucket: 5, windowMs: 150 });
    const directory = createDiscordDirectory({ rest: restOf(), guilds: [guild], clock, log });
    const grant = { kind: 'group', group: town.approverRole, ...place } as const;
    const asked = Array.from({ length: 16 }, () =>
      directory.membership(grant, { ...place, user: grace }, true),
    );
    expect((await Promise.all(asked)).map(({ answer }) => answer)).toEqual(Array(16).fill('yes'));
  });

  it('draws a picture anew no more often than it may, and sends a real one', async () => {
    let drawn = 0;
    const real = createChartPainter();
    const chat = platformOf(async (chart) => {
      drawn += 1;
      return real(chart);
    });
    const points = [1, 2, 4].map((value, index) => ({ at: index * 10_000, value }));
    const series = [{ name: 'candidate', side: 'candidate', points } as const];
    const chart = { title: 'Errors', unit: 'percent', series } as const;
    const view = say('canary', { kind: 'chart', chart });
    const card = await chat.post(at(), view, 'k');
    const picture = () => shown()[0]?.attachments[0];
    const first = picture();
    expect(
      Buffer.from(first?.data ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    await chat.edit(card, view, 'e1');
    expect([drawn, picture()?.id]).toEqual([1, first?.id]);
    ahead = 31_000;
    await chat.edit(card, view, 'e2');
    expect(drawn).toBe(2);
    expect(picture()?.id).not.toBe(first?.id);
    await chat.edit(card, say('over'), 'e3');
    expect(shown()[0]?.attachments).toEqual([]);
    expect(peer.refused).toEqual([]);
  });

  it.each([
    ['was made, though its answer was lost', { kind: 'done_503' }],
    ['was refused', { kind: 'error', status: 400, code: 50_035 }],
  ] as const)('names no picture that may be gone after an edit that %s', async (_, fault) => {
    const chat = platformOf();
    const points = [1, 2].map((value, index) => ({ at: index * 10_000, value }));
    const series = [{ name: 'candidate', side: 'candidate', points } as const];
    const chart = { title: 'Errors', unit: 'percent', series } as const;
    const view = say('canary', { kind: 'chart', chart });
    const card = await chat.post(at(), view, 'k');
    ahead = 31_000;
    peer.faults.next('edit', fault);
    await failure(chat.edit(card, view, 'e1'));
    await chat.edit(card, view, 'e2');
    await chat.edit(card, say('bare'), 'e3');
    await chat.edit(card, view, 'e4');
    expect(shown()[0]?.attachments).toHaveLength(1);
    expect(peer.refused).toEqual([]);
  });

  it('fits into components of the second kind, and says that something is missing', async () => {
    const chat = platformOf();
    const button = (index: number) => ({
      label: `Button ${index} ${'x'.repeat(100)}`,
      token: `token-${index}`,
      style: 'plain' as const,
    });
    const blocks: readonly Block[] = Array.from({ length: 60 }, (_, index): readonly Block[] => [
      { kind: 'text', line: [`${index} ${'*'.repeat(300)}`] },
      { kind: 'divider' },
      { kind: 'buttons', buttons: [button(index)] },
    ]).flat();
    await chat.post(at(), say('much', ...blocks), 'k');
    const all = componentsOf(shown()[0] ?? missing());
    expect(all.length).toBeLessThanOrEqual(40);
    expect(all.filter(({ type }) => type === 2).length).toBe(15);
    expect(seenMessage(shown()[0] ?? missing()).text).toContain('Shortened');
    expect(peer.refused).toEqual([]);
  });

  it('offers no decision in a direct message, where none counts', async () => {
    const chat = platformOf();
    const approve = { label: 'Approve v2', token: 't', style: 'primary' } as const;
    const view = say('please', { kind: 'buttons', buttons: [approve] });
    const { channel } = await chat.tell({ tenant: guild, user: grace }, view, 'k');
    const seen = seenMessage(shown(channel.channel)[0] ?? missing());
    expect(seen.buttons).toEqual([]);
    expect(seen.text).toContain('in the server');
  });

  it('answers by a direct message once the fifteen minutes are over', async () => {
    const chat = platformOf();
    const begun = peer.people.begin(2, ada, { channel: town.releases });
    peer.answer(begun, { type: 5, data: { flags: 64 } });
    const address = replyTo(begun.token);
    peer.state.lead = 16 * 60_000;
    // Where Discord forgot it earlier than we thought, the scheduler tells the person instead.
    expect((await failure(chat.reply(address, quiet(say('late'))))).code).toBe('chat.gone');
    ahead = 15 * 60_000;
    await chat.reply(address, quiet(say('later')));
    const direct = [...peer.state.channels.values()].find(({ person }) => person === ada);
    expect(seenMessage(shown(direct?.id)[0] ?? missing()).text).toContain('later');
  });

  const place = { platform: 'discord', tenant: guild };
  const quiet = (view: View) =>
    ({ visibility: 'private', view, refusal: null, rollout: null, data: null }) as const;
  const replyTo = (token: string) => ({
    tenant: guild,
    channel: town.releases,
    thread: null,
    user: ada,
    application,
    token,
    until: Date.now() + 14 * 60_000,
  });
});

function missing(): never {
  throw new Error('no such message');
}
