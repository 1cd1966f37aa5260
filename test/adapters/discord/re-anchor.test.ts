import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seenMessage } from '../../peers/discord/seen.ts';
import { discordWorld, town } from './discord-world.ts';

const { ada, grace } = town.people;
const minute = 60_000;

describe('a card that grows old in Discord', () => {
  let world: Awaited<ReturnType<typeof discordWorld>>;
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

  const edits = () => world.peer.calls.filter(({ method }) => method === 'PATCH');
  const texts = () => world.cards().map((one) => seenMessage(one).text);

  it('is posted anew before Discord takes no more edits, and the old one leads there', async () => {
    const { peer, memory, press, drive, cards } = world;
    memory.pass(51 * 60);
    peer.state.lead = 51 * minute;
    await press(grace, 'Approve');
    await drive(3);
    expect(cards()).toHaveLength(2);
    const [old, young] = cards().map(seenMessage);
    expect(old?.buttons).toEqual([]);
    expect(young?.buttons.length).toBeGreaterThan(0);
    expect(edits().every(({ status }) => status < 400)).toBe(true);
  });

  it('is posted anew too when Discord refuses earlier than it says', async () => {
    const { peer, press, drive, cards } = world;
    peer.state.lead = 61 * minute;
    await press(grace, 'Approve');
    await drive(10);
    expect(edits().filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect(cards()).toHaveLength(2);
    expect(texts().at(-1)).toContain('shop-1');
    expect(peer.refused).toEqual([]);
  });
});
