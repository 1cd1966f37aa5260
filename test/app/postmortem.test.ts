import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { busWorld, outcome } from './bus-world.ts';

const Told = z.object({ markdown: z.string() });

/** A release of the bad version that the judge turned back, with a reason that wants to be markup. */
async function caught() {
  const world = busWorld();
  await world.say(
    'deploy shop v3 to production because <b>|faster|</b> [click](https://evil.example)',
    'bob',
  );
  await world.drive(2);
  await world.say('approve shop-1', 'grace');
  await world.drive(120);
  return world;
}

describe('the postmortem of a release that was caught', () => {
  it('tells what happened, the impact, who decided on what, and what is open', async () => {
    const world = await caught();
    const reply = await world.say('postmortem shop-1', 'grace');
    expect(reply.view.summary).toBe(
      'shop v3 in production was caught before all of the traffic had it.',
    );
    const { markdown } = Told.parse(reply.data);
    const headings = [...markdown.matchAll(/^##? .*$/gm)].map(([line]) => line);
    expect(headings).toEqual([
      '# Postmortem: shop v3 in production',
      '## Impact',
      '## Timeline',
      '## Decisions',
      '## What the judge saw last',
      '## Open questions',
      '## What we change',
    ]);
    expect(markdown).toContain('At most 20 % of the traffic had it.');
    expect(markdown).toMatch(
      /errors: about \d+ more than stable would have had, among \d+ requests/,
    );
    expect(markdown).toMatch(/\| 2026-11-20 09:00:00 UTC \| Bob \| asked for shop v3 → production/);
    expect(markdown).toMatch(/\| Grace \| approved v3 as approver/);
    expect(markdown).toContain('- [ ] It did not come through staging. Would it have shown there?');
  });

  it('lets nothing that people wrote become markup', async () => {
    const { markdown } = Told.parse((await (await caught()).say('postmortem shop-1', 'ada')).data);
    expect(markdown).toContain(
      '\\<b\\>\\|faster\\|\\</b\\> \\[click\\]\\(https\\://evil.example\\)',
    );
    expect(markdown).not.toContain('<b>');
    expect(markdown).not.toMatch(/\]\(https:/);
  });
});

it('knows of the rollback that took the place of a release that was live', async () => {
  const world = busWorld();
  await world.say('deploy shop v2 to production', 'bob');
  await world.drive(2);
  await world.say('approve shop-1', 'grace');
  await world.drive(200);
  world.pass(1800);
  await world.say('rollback shop in production because carts are empty', 'bob');
  await world.drive(120);
  const reply = await world.say('postmortem shop-1', 'grace');
  expect(reply.view.summary).toBe(
    'shop v2 in production was rolled back after it had all of the traffic.',
  );
  const { markdown } = Told.parse(reply.data);
  expect(markdown).toContain('carts are empty');
  expect(markdown).toContain('The canary passed. Which metric');
  expect(markdown).toMatch(/It took 3\dm.* until it was noticed/);
});

it('says no more than there is of a rollback without a reason', async () => {
  const world = busWorld();
  await world.say('deploy shop v2 to staging', 'bob');
  await world.drive(60);
  await world.say('deploy shop v2 to production', 'bob');
  await world.drive(2);
  await world.say('approve shop-2', 'grace');
  await world.drive(200);
  const back = await world.say('rollback shop in production', 'bob');
  await world.drive(120);
  const { markdown } = Told.parse((await world.say('postmortem shop-2', 'grace')).data);
  expect(markdown).toContain('It came through staging. Why did it not show there?');
  expect(markdown).toContain(`Bob asked for shop back to v1 in production \\(${back.rollout}\\).`);
  expect(markdown).not.toContain('asked for it');
  const places = await world.say('status shop', 'grace');
  expect(JSON.stringify(places.view)).toContain('Bob asked for it');
});

it('says why once of a release that a person turned round', async () => {
  const world = busWorld();
  await world.say('deploy shop v2 to production', 'bob');
  await world.drive(2);
  await world.say('approve shop-1', 'grace');
  await world.drive(20);
  await world.say('rollback shop-1', 'bob');
  await world.drive(60);
  const { markdown } = Told.parse((await world.say('postmortem shop-1', 'grace')).data);
  const timeline = markdown.slice(
    markdown.indexOf('## Timeline'),
    markdown.indexOf('## Decisions'),
  );
  expect(timeline.match(/Bob asked for it/g)).toHaveLength(1);
  expect(timeline).toMatch(/production is back on v1, after \d+s\./);
  const early = await world.say('deploy shop v2 to staging', 'bob');
  await world.say(`abort ${early.rollout}`, 'bob');
  expect((await world.read(early.rollout ?? '')).phase).toBe('cancelled');
  const told = Told.parse((await world.say(`postmortem ${early.rollout}`, 'grace')).data);
  expect(told.markdown).toContain('Bob cancelled v2.');
});

it('tells of a good release that nothing is held against it, and refuses what it does not know', async () => {
  const world = busWorld();
  await world.say('deploy shop v2 to production', 'bob');
  const early = await world.say('postmortem shop-1', 'grace');
  expect(early.view.summary).toContain('has not ended; this is the story so far');
  await world.drive(2);
  await world.say('approve shop-1', 'grace');
  await world.drive(200);
  const reply = await world.say('postmortem shop-1', 'grace');
  expect(reply.view.summary).toContain('went live, and nothing is held against it');
  expect(reply.view.blocks.some(({ kind }) => kind === 'chart')).toBe(true);
  expect(outcome(await world.say('postmortem shop-9', 'grace'))).toBe('rollout.unknown');
});
