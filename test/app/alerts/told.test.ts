import { expect, it } from 'vitest';
import { z } from 'zod';
import { alertWorld, buttonsIn, notice, wordsIn } from './alert-world.ts';

it('a release that turned bad at 100 % is told truthfully by digest, figures and postmortem', async () => {
  const world = alertWorld();
  const id = await world.live('v2');
  world.pass(300);
  await world.fire(notice([{ startsAt: world.now() - 1000 }]));
  const ringing = await world.say('digest', 'grace');
  expect(ringing.view.summary).toBe('In the last day: 1 shipped, 1 with alerts.');
  expect(wordsIn(ringing.view)).toContain('1 alert, the first 1s ago, 1 still firing.');

  // On-call presses the button under the alert.
  const [group] = await world.groups();
  if (group === undefined) throw new Error('no group');
  const back = buttonsIn(await world.card(group))['Roll back shop to v1'] ?? '';
  const pressed = await world.press(back, 'ada');
  expect(pressed.refusal).toBeNull();
  await world.drive(30);

  // Nobody had to be asked, and what went out does not look as if it still ran.
  const way = `rollout:${pressed.rollout}:console:console:releases`;
  const shown = await world.store.transact((tx) => tx.dueSurfaces(world.now(), 500));
  expect(shown.filter((one) => one.id.startsWith(`${way}:approval`))).toEqual([]);
  const old = await world.surface(`rollout:${id}:console:console:releases:card`);
  expect(old?.summary).toMatch(/^shop v2 → production: v2 was live for \d+m/);
  expect(wordsIn(old)).toContain(`"${pressed.rollout}"," brought v1."`);
  expect(buttonsIn(old)).toEqual({});
  expect(wordsIn((await world.say(`show ${id}`)).view)).not.toContain('Roll back to v1');
  const decided = shown.find((one) => one.id.includes(`${id}:console:console:releases:approval`));
  expect(decided?.desired.summary).toBe('shop v2 → production: Approved by Grace');

  const told = await world.say('digest', 'grace');
  expect(told.view.summary).toBe('In the last day: 1 shipped, 1 with alerts, 1 went back.');
  expect(wordsIn(told.view)).toContain('shop back to v1 in production');
  expect(wordsIn(told.view)).toMatch(/Change fail rate.*100 %/);
  const story = await world.say(`postmortem ${id}`, 'grace');
  expect(story.view.summary).toBe(
    `shop v2 in production was followed by an alert, and ${pressed.rollout} went back to v1.`,
  );
  const { markdown } = z.object({ markdown: z.string() }).parse(story.data);
  expect(markdown).toContain('## Alerts and breaches');
  expect(markdown).toContain('how many requests were bad from then on is not known');
  expect(markdown).toMatch(/HighErrorRate \\\(critical\\\) began/);
  expect(markdown).toMatch(/Ada asked for shop back to v1 in production/);
});
