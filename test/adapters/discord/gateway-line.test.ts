import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGatewayLine, type GatewayLine } from '#adapters/discord/gateway-line.ts';
import { createRest } from '#adapters/discord/rest.ts';
import type { Log } from '#ports/log.ts';
import { type DiscordPeer, startDiscordPeer } from '../../peers/discord/peer.ts';
import { botToken } from '../../peers/discord/state.ts';
import { optionsFor } from './discord-world.ts';

describe('the connection to the gateway', () => {
  let peer: DiscordPeer;
  let line: GatewayLine | null = null;
  let said: string[] = [];
  let arrived: unknown[] = [];
  beforeEach(async () => {
    said = [];
    arrived = [];
    peer = await startDiscordPeer({ heartbeatMs: 60 });
  });
  afterEach(async () => {
    await line?.close();
    line = null;
    await peer.close();
  });

  const note = (message: string, fields: object = {}) =>
    void said.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug() {}, info() {}, warn: note, error: note };

  function open(memberEvents = false): void {
    const options = { ...optionsFor(peer), memberEvents };
    const rest = createRest({ token: botToken, options, clock: { now: Date.now }, log });
    const onInteraction = (payload: unknown) => void arrived.push(payload);
    const parts = { token: botToken, rest, options, log, onInteraction, onChange() {} };
    line = createGatewayLine({ ...parts, firstWaitMs: 30 });
    line.open();
  }

  /** What is sent now arrives: the line works. */
  async function works(): Promise<void> {
    const before = arrived.length;
    await expect
      .poll(
        () => {
          if (arrived.length === before) peer.gateway.send('INTERACTION_CREATE', { id: '1' });
          return arrived.length;
        },
        { timeout: 8_000, interval: 30 },
      )
      .toBeGreaterThan(before);
  }

  it.each([4004, 4010, 4011, 4013, 4014])(
    'comes back after Discord closed it for good with %i, and says what to do',
    async (code) => {
      open();
      await works();
      const { identifies } = peer.gateway.seen;
      peer.gateway.closeAll(code);
      await expect.poll(() => peer.gateway.seen.identifies).toBeGreaterThan(identifies);
      await works();
      expect(said.join()).toMatch(new RegExp(`"code":${code},"shard":0,"next":"[A-Z]`));
    },
  );

  it('keeps trying while the identification fails, and takes longer each time', async () => {
    peer.gateway.failIdentify(4014, 4014, 4014);
    const began = Date.now();
    open();
    await works();
    expect(peer.gateway.seen.identifies).toBe(4);
    expect(Date.now() - began).toBeGreaterThan(30 + 60 + 120);
  });

  it('asks for the privileged intent only where it is configured, and works once it is granted', async () => {
    open(true);
    await expect.poll(() => said.join()).toContain('Server Members Intent');
    peer.state.app.flags = 1 << 15;
    await works();
    expect(peer.gateway.intents().at(-1)).toBe(3);
  });

  it('begins anew after an invalid session, and takes up a broken one where it was', async () => {
    open();
    await works();
    const { identifies } = peer.gateway.seen;
    peer.gateway.invalidate();
    await expect.poll(() => peer.gateway.seen.identifies, { timeout: 8_000 }).toBe(identifies + 1);
    await works();
    const { resumes } = peer.gateway.seen;
    const before = arrived.length;
    peer.gateway.cut();
    peer.gateway.send('INTERACTION_CREATE', { id: 'while away' });
    await peer.gateway.resumed(resumes + 1);
    await expect.poll(() => arrived.slice(before)).toEqual([{ id: 'while away' }]);
  });

  it.each([
    { type: 2, data: { type: 3, target_id: '1' } },
    { type: 3, data: { component_type: 99 } },
    { type: 5, data: { components: [{ type: 99 }] } },
    { type: 99 },
    {},
  ])('survives a delivery that the SDK cannot read: %o', async (delivery) => {
    open();
    await works();
    peer.gateway.send('INTERACTION_CREATE', { id: '1', guild_id: '1', ...delivery });
    peer.gateway.send('CHANNEL_UPDATE', { id: '1', type: 99, guild_id: '1' });
    await works();
    expect(arrived).toContainEqual({ id: '1', guild_id: '1', ...delivery });
  });

  it('notices a connection that is dead without a word', async () => {
    open();
    await works();
    peer.gateway.deafen(true);
    await expect.poll(() => peer.gateway.seen.resumes, { timeout: 5_000 }).toBeGreaterThan(0);
    peer.gateway.deafen(false);
    await works();
  });

  it('waits for a Discord that is down, or that refuses the token, and uses its token again', async () => {
    peer.outage(true);
    open();
    await expect.poll(() => said.length).toBeGreaterThan(1);
    peer.outage(false);
    peer.faults.next('other', { kind: 'error', status: 401, code: 0 });
    await works();
    expect(peer.gateway.seen.bad).toEqual([]);
  });
});
