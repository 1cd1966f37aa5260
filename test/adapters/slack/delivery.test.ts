import { afterEach, expect, it } from 'vitest';
import {
  createNews,
  createWatch,
  eventsOf,
  furnish,
  ourBringer,
} from '../../../bench/slack-run.ts';
import { type SlackPeer, startSlackPeer } from '../../peers/slack/peer.ts';

let peer: SlackPeer;
afterEach(() => peer.close());

/** One clock for the scheduler and for the tiers of the peer, turned here; the calls are real HTTP. */
it('keeps urgent messages fast under the real tiers, with 200 rollouts in 10 channels', async () => {
  let time = 1_000_000;
  const clock = { now: () => time };
  peer = await startSlackPeer({ tiers: clock });
  const load = { rollouts: 200, channels: 10, seconds: 120, seed: 3 };
  furnish(peer, load);
  const events = eventsOf(load);
  const bringer = await ourBringer(peer, load, clock);
  const start = time;
  const news = createNews(events, [bringer]);
  const watch = createWatch(peer, load, () => time - start);
  while (time - start < load.seconds * 1000 + 5_000) {
    if (time - start < load.seconds * 1000) await news(time - start);
    await bringer.scheduler.round();
    await bringer.scheduler.settled();
    time += 250;
    watch.look();
    if (time - start > 60_000 && time % 5_000 === 0) watch.sample();
  }
  const seen = watch.result(events);
  expect(events.length).toBeGreaterThan(20);
  expect(seen).toMatchObject({ unsent: 0, refused: 0 });
  expect(seen.urgentP99).toBeLessThan(2);
  expect(seen.ageP50).toBeLessThanOrEqual(45);
  expect(peer.refused).toEqual([]);
});
