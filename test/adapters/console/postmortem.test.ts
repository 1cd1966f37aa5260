import { afterAll, beforeAll, expect, it } from 'vitest';
import { become, type Person } from './person.ts';
import { createStory } from './town/story.ts';
import { tell } from './town/tell.ts';
import { createTown, createTownClock, type Town } from './town/town.ts';
import { createTownGateway } from './town/town-gateway.ts';
import { createTownReader } from './town/town-reader.ts';

let town: Town;
let ada: Person;

beforeAll(async () => {
  town = createTown(createTownClock(Date.UTC(2026, 10, 21, 7)));
  const story = createStory(town);
  await town.console.start(createTownGateway(town, story), createTownReader(town));
  await tell(town, story);
  ada = await become(town.console.url(), 'ada');
});
afterAll(() => town.console.close());

it('is there to look at, and as a file', async () => {
  const page = await ada.get('/api/rollouts/checkout-2/postmortem');
  expect(await page.json()).toMatchObject({
    view: { summary: 'checkout v3 in production was caught before all of the traffic had it.' },
    markdown: expect.stringContaining('## Timeline'),
  });
  const file = await ada.get('/api/rollouts/checkout-2/postmortem.md');
  expect(file.headers.get('content-type')).toContain('text/markdown');
  expect(file.headers.get('content-disposition')).toBe(
    'attachment; filename="postmortem-checkout-2.md"',
  );
  expect((await file.text()).startsWith('# Postmortem: checkout v3 in production')).toBe(true);
});

it.each(['nothing-9', '..%2f..%2fetc', 'x'.repeat(90)])('refuses %s', async (id) => {
  for (const end of ['', '.md']) {
    const response = await ada.get(`/api/rollouts/${id}/postmortem${end}`);
    expect([400, 404]).toContain(response.status);
  }
});
