import { WebAPIRateLimitedError } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { createReads } from '#adapters/slack/reads.ts';
import { seenMessage } from '../../peers/slack/seen.ts';
import { addUser } from '../../peers/slack/world.ts';
import { slackWorld } from './slack-world.ts';

/** Questions in a time of their own; `calls` is what was sent, and when in seconds. */
function timed(answer: (call: number) => unknown = (call) => call) {
  let time = 0;
  const calls: { readonly user: unknown; readonly at: number }[] = [];
  const pause = async (ms: number) => {
    time += ms;
  };
  const reads = createReads(
    async (_method, { user }) => {
      calls.push({ user, at: time / 1000 });
      return answer(calls.length);
    },
    { now: () => time, pause },
  );
  return { reads, calls };
}

describe('questions to Slack', () => {
  it('are one call when they are equal and wait, made after all of them were asked', async () => {
    let release = (): void => {};
    const first = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { reads, calls } = timed((call) => (call === 1 ? first.then(() => 'old') : 'new'));
    const early = reads.decide('users.info', { user: 'U1' });
    const late = [1, 2, 3].map(() => reads.decide('users.info', { user: 'U1' }));
    expect(calls).toHaveLength(1);
    release();
    expect(await early).toBe('old');
    expect(await Promise.all(late)).toEqual(['new', 'new', 'new']);
    expect(calls).toHaveLength(2);
  });

  it('wait for their turn, those for a decision first', async () => {
    const { reads, calls } = timed();
    const shown = Array.from({ length: 20 }, (_, n) => reads.show('users.info', { user: `S${n}` }));
    const decided = reads.decide('users.info', { user: 'D' });
    await Promise.all([...shown, decided]);
    const place = calls.findIndex(({ user }) => user === 'D');
    expect(place).toBeLessThanOrEqual(9);
    expect(calls).toHaveLength(21);
    // Eight at once, then 90 a minute.
    expect(calls.at(-1)?.at).toBeGreaterThan((21 - 9) / 1.5);
  });

  it('are asked again when Slack takes them again', async () => {
    const { reads, calls } = timed((call) => {
      if (call === 1) throw new WebAPIRateLimitedError(7);
      return 'yes';
    });
    expect(await reads.decide('users.info', { user: 'U1' })).toBe('yes');
    expect(calls.map(({ at }) => at >= 7)).toEqual([false, true]);
  });

  it('are given up at once when their turn would come too late', async () => {
    const { reads, calls } = timed(() => {
      throw new WebAPIRateLimitedError(120);
    });
    const asked = reads.decide('users.info', { user: 'U1' });
    await expect(asked).rejects.toMatchObject({ code: 'chat.rate_limited' });
    expect(calls).toHaveLength(1);
  });

  it('fail as they did when Slack is down, and are asked anew the next time', async () => {
    const { reads, calls } = timed((call) => {
      if (call === 1) throw new Error('down');
      return 'up';
    });
    await expect(reads.show('users.info', { user: 'U1' })).rejects.toThrow('down');
    expect(await reads.show('users.info', { user: 'U1' })).toBe('up');
    expect(calls).toHaveLength(2);
  });
});

it('decides every click of 30 approvers at once, at Slack’s own pace', async () => {
  const world = await slackWorld('socket', { tiers: true });
  const { peer, people, memory } = world;
  const approvers = Array.from({ length: 30 }, (_, n) => addUser(peer, `UAPP${n}`));
  for (const user of approvers) peer.state.channels.get('CAPP')?.members.add(user);
  for (const user of approvers) peer.state.channels.get('CREL')?.members.add(user);
  await peer.people.command(people.ada, 'deploy shop v2 production', 'CREL');
  await world.drive(3);
  await world.settle();
  const [card] = world.cards();
  if (card === undefined) throw new Error('no card');
  const button = seenMessage(card).buttons.find(({ label }) => label.startsWith('Approve'));
  if (button === undefined) throw new Error(`nothing to press on ${seenMessage(card).text}`);
  const press = { channel: 'CREL', ts: card.ts, token: button.token };
  await Promise.all(approvers.map((user) => peer.people.press(user, press)));
  await world.bus.idle();
  const refused = approvers
    .flatMap((user) => world.whispers(user))
    .filter((said) => /not be established/.test(said));
  expect(refused).toEqual([]);
  expect((await memory.read('shop-1')).approvals).toHaveLength(30);
  await world.close();
});
