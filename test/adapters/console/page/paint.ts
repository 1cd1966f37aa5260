import { createStory } from '../town/story.ts';
import { tell } from '../town/tell.ts';
import { createTown, createTownClock } from '../town/town.ts';
import { createTownGateway } from '../town/town-gateway.ts';
import { createTownReader } from '../town/town-reader.ts';
import { openBrowser, visit } from './browser.ts';
import { firstLoad } from './first-load.ts';

/**
 * By hand: `node test/adapters/console/page/paint.ts` prints how long the first paint with content
 * takes over loopback: the median of loads with nothing cached, and of loads after that.
 */
const turns = 7;
const town = createTown(createTownClock(Date.now() - 86_400_000));
const story = createStory(town);
await town.console.start(createTownGateway(town, story), createTownReader(town));
await tell(town, story);
const browser = await openBrowser();
const { page } = await visit(browser, town.console.url(), 'ada', '/board');
for (const [path, mark] of [
  ['/board', '.board'],
  ['/c/releases', '.message'],
  ['/figures', '.tile'],
] as const) {
  const bytes = await firstLoad(page, town.console.url() + path, mark);
  console.log(`${path}: ${Math.round(bytes / 1000)} kB at the first visit`);
}
const network = await page.context().newCDPSession(page);
for (const path of ['/board', '/c/releases']) {
  for (const cached of [false, true]) {
    await network.send('Network.setCacheDisabled', { cacheDisabled: !cached });
    const times: number[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      await page.goto(town.console.url() + path);
      await page.locator('.page-head:visible').first().waitFor();
      times.push(
        await page.evaluate(async () => {
          await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
          return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
        }),
      );
    }
    const median = times.toSorted((a, b) => a - b)[(turns - 1) / 2] ?? 0;
    console.log(`${path}, ${cached ? 'cached' : 'nothing cached'}: ${Math.round(median)} ms`);
  }
}
await browser.close();
await town.console.close();
process.exit(0);
