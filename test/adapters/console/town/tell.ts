import { signalbox } from '#core/people.ts';
import { ada, grace, linus, mary } from './people.ts';
import type { Story } from './story.ts';
import type { Town } from './town.ts';

/** A day in the town: some finished releases, a bad one that was rolled back, one under way. */
export async function tell(
  town: Town,
  story: Story,
): Promise<{ readonly live: string; readonly bad: string; readonly waiting: string }> {
  const { clock } = town;
  clock.pass(3 * 3600);
  await finish(await story.request(mary, 'search', 'staging', 'v2', 'v1', 'Synonyms'));
  clock.pass(1500);
  await finish(await story.request(ada, 'shop', 'staging', 'v2', 'v1', 'New basket'));
  clock.pass(2600);
  const good = await story.request(mary, 'checkout', 'production', 'v2', 'v1', 'Card retries');
  clock.pass(340);
  await story.approve(good, grace, 'Read the diff, fine');
  await finish(good);

  clock.pass(7200);
  const bad = await story.request(linus, 'checkout', 'production', 'v3', 'v2', 'Faster tax lookup');
  clock.pass(95);
  await story.approve(bad, grace);
  await story.advance(bad);
  for (let index = 0; index < 7; index += 1) await story.look(bad, index / 6);
  const cause = { kind: 'verdict', detail: 'error-rate is worse: 3.5 % against 0.4 %.' } as const;
  await town.record(bad, signalbox, [
    { kind: 'rollback.announced', cause, at: clock.now() + 30_000 },
  ]);
  clock.pass(30);
  await town.record(bad, signalbox, [
    { kind: 'abort.begun', cause, by: signalbox },
    { kind: 'abort.stepped', target: 'main', done: 'capacity' },
    { kind: 'abort.stepped', target: 'main', done: 'weight' },
    { kind: 'abort.stepped', target: 'main', done: 'removed' },
    { kind: 'rollout.rolled_back', to: town.state(bad).plan?.previous ?? null },
  ]);
  clock.pass(4000);
  const waiting = await story.request(mary, 'search', 'production', 'v2', 'v1', 'Synonyms');
  clock.pass(600);
  const live = await story.request(ada, 'shop', 'production', 'v2', 'v1', 'New basket');
  clock.pass(80);
  await story.approve(live, grace, 'Ship it');
  await story.advance(live);
  for (let index = 0; index < 9; index += 1) await story.look(live);
  return { live, bad, waiting };

  async function finish(id: string): Promise<void> {
    for (let turn = 0; turn < 6; turn += 1) {
      await story.advance(id);
      if (town.state(id).phase === 'succeeded') return;
      for (let index = 0; index < 5; index += 1) await story.look(id, 0, index === 4);
      await story.finishStep(id, 'no worse');
    }
  }
}
