import { setTimeout } from 'node:timers/promises';
import { startSlackPeer } from '../test/peers/slack/peer.ts';
import {
  createNews,
  createWatch,
  eventsOf,
  furnish,
  type Load,
  ourBringer,
  rawBringer,
  type Seen,
} from './slack-run.ts';

/**
 * 1,000 rollouts in 10 channels against a Slack of our own with the published tiers, in real time:
 * the product's scheduler and adapter over real HTTP, and in the same minutes, on a workspace of its
 * own, the SDK as it comes. `node bench/slack-delivery.ts [seconds]`. Exits with 1 when a promise
 * is broken.
 */
const load: Load = {
  rollouts: 1000,
  channels: 10,
  seconds: Number(process.argv[2] ?? 300),
  seed: 1,
};
const events = eventsOf(load);
const pace = { now: () => performance.now() };
const [ours, raw] = await Promise.all([
  startSlackPeer({ tiers: pace }),
  startSlackPeer({ tiers: pace }),
]);
for (const peer of [ours, raw]) furnish(peer, load);
const start = performance.now();
const now = (): number => performance.now() - start;
const clock = { now: () => Date.now() };
const bringer = await ourBringer(ours, load, clock);
const news = createNews(events, [bringer, rawBringer(raw, load)]);
const watches = [createWatch(ours, load, now), createWatch(raw, load, now)] as const;
const began = now();
let sampled = began;
let wait = 0;
let asleepUntil = 0;
while (now() < load.seconds * 1000 + 5_000) {
  if (now() < load.seconds * 1000) await news(now());
  if (bringer.poked() || now() >= asleepUntil) {
    wait = (await bringer.scheduler.round()) ?? 1_000;
    asleepUntil = now() + Math.min(200, wait);
  }
  for (const watch of watches) watch.look();
  if (now() - sampled > 10_000 && now() > 60_000) {
    sampled = now();
    for (const watch of watches) watch.sample();
  }
  await setTimeout(20);
}
const shown = (name: string, seen: Seen) => ({
  run: name,
  'urgent p50 s': seen.urgentP50.toFixed(2),
  'urgent p99 s': seen.urgentP99.toFixed(2),
  unsent: seen.unsent,
  '429': seen.refused,
  'age p50 s': seen.ageP50.toFixed(0),
  calls: seen.calls,
});
const [mine, theirs] = watches.map((watch) => watch.result(events));
if (mine === undefined || theirs === undefined) throw new Error('nothing was seen');
console.log(
  `${load.rollouts} rollouts, ${load.channels} channels, ${load.seconds} s, ${events.length} urgent messages`,
);
console.table([shown('Signalbox', mine), shown('raw WebClient', theirs)]);
const kept = mine.urgentP99 < 2 && mine.unsent === 0 && mine.refused === 0 && mine.ageP50 <= 45;
process.exit(kept ? 0 : 1);
