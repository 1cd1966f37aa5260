import { afterAll, beforeAll, expect, it } from 'vitest';
import { become, type Person } from './person.ts';
import { createStory } from './town/story.ts';
import { createTown, createTownClock, type Town } from './town/town.ts';
import { createTownGateway } from './town/town-gateway.ts';
import { createTownReader } from './town/town-reader.ts';

let town: Town;
let ada: Person;

beforeAll(async () => {
  town = createTown(createTownClock(Date.UTC(2026, 10, 21, 7)));
  const story = createStory(town);
  await town.console.start(createTownGateway(town, story), createTownReader(town));
  ada = await become(town.console.url(), 'ada');
});
afterAll(() => town.console.close());

it('answers the figures with their meanings, as JSON', async () => {
  const response = await ada.get('/api/figures?days=7');
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    zone: 'UTC',
    window: { to: town.clock.now() },
    meanings: { changeFailRate: ['share', expect.any(String)] },
    now: { deployments: { n: expect.any(Number) } },
  });
});

it.each([
  ['/api/figures.csv', 'figures.csv', 'figure,value,unit'],
  ['/api/figures/releases.csv', 'releases.csv', 'rollout,intent,service'],
])('%s comes as a file for a spreadsheet', async (path, name, head) => {
  const response = await ada.get(path);
  expect(response.headers.get('content-type')).toContain('text/csv');
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`);
  expect((await response.text()).startsWith(head)).toBe(true);
});

it.each(['days=0', 'days=x', 'service=../x', 'other=1'])('refuses ?%s', async (query) => {
  expect((await ada.get(`/api/figures?${query}`)).status).toBe(400);
});
