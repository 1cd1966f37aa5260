import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser, visit } from './browser.ts';
import { openProduct } from './product.ts';
import { smallPng } from './small-png.ts';

/**
 * By hand: `node test/adapters/console/page/tour.ts` runs the demo's story with two people in real
 * browsers, about seven minutes, and writes docs/tour.md with its pictures.
 */
const docs = fileURLToPath(new URL('../../../../docs/', import.meta.url));
const largest = 100_000;
const scenes: { readonly name: string; readonly title: string; readonly text: string }[] = [];

const product = await openProduct('demo');
const browser = await openBrowser();
await mkdir(`${docs}tour`, { recursive: true });

async function open(user: string, path: string, options: BrowserContextOptions = {}) {
  const { page } = await visit(browser, product.url, user, path, {
    viewport: { width: 1200, height: 740 },
    patienceMs: 90_000,
    ...options,
  });
  return page;
}

async function picture(page: Page, name: string, title: string, text: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForTimeout(400);
  const path = `${docs}tour/${name}.png`;
  const png = smallPng(await page.screenshot());
  if (png.length > largest) throw new Error(`${name}.png has ${png.length} bytes`);
  await writeFile(path, png);
  scenes.push({ name, title, text });
}

function say(page: Page) {
  return page.getByRole('textbox', { name: /Message #releases/ });
}

async function release(version: string): Promise<void> {
  await say(ada).fill(`/release deploy shop ${version}`);
  await say(ada).press('Enter');
  await grace.getByRole('button', { name: `Approve ${version} for production` }).waitFor();
}

async function approve(version: string): Promise<void> {
  await grace.getByRole('button', { name: `Approve ${version} for production` }).click();
  await grace
    .getByRole('dialog')
    .getByRole('button', { name: `Approve ${version}` })
    .click();
}

async function openThread(page: Page): Promise<void> {
  await page.locator('.message .thread-link').last().click();
  await page.getByRole('complementary', { name: 'Thread' }).waitFor();
}

const ada = await open('ada', '/c/releases');
const grace = await open('grace', '/c/releases', { colorScheme: 'dark' });
await picture(
  ada,
  'first',
  'The first minute',
  'What `npm start` opens: an empty channel, what to try, and who to be.',
);

await say(ada).pressSequentially('/release deploy shop ');
await ada.getByRole('option', { name: /^v2/ }).waitFor();
await picture(
  ada,
  'typing',
  'Ada types a command',
  'Commands are completed word by word: services, versions, environments. The line above says what is meant.',
);
await say(ada).fill('');
await release('v2');
await picture(
  ada,
  'request',
  'The request',
  'One card in the channel. What was answered to Ada alone, she alone sees.',
);
await grace.getByRole('button', { name: 'Approve v2 for production' }).click();
await grace.getByRole('dialog').waitFor();
await picture(
  grace,
  'approve',
  'Grace approves',
  'Whoever presses is asked first, with the exact target. She prefers the dark.',
);
await grace.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
await approve('v2');
await ada.getByText('Compare v2 with v1 for 25s').first().waitFor({ timeout: 60_000 });
await openThread(ada);
await ada.waitForTimeout(12_000);
await picture(
  ada,
  'canary',
  'The canary',
  'Real traffic on real processes. Card and charts are edited in place while it goes on.',
);
await ada.getByText('v2 is live').first().waitFor({ timeout: 180_000 });
await ada.getByRole('button', { name: 'Close thread' }).click();

await release('v3');
await approve('v3');
await ada.getByRole('button', { name: 'Stop rollback' }).waitFor({ timeout: 120_000 });
await openThread(ada);
await picture(
  ada,
  'countdown',
  'A bad version is caught',
  'v3 fails one answer in twelve. The rollback is announced, and anybody may stop it.',
);
await ada.getByText('Rolled back to v2').first().waitFor({ timeout: 60_000 });
await grace.goto(`${product.url}/rollouts/shop-2`);
await grace.locator('.release .chart').first().waitFor();
await picture(
  grace,
  'release',
  'Everything about one release',
  'What was measured and how it was judged; who agreed on what grounds; the plan, the way back, the proof.',
);
await ada.goto(`${product.url}/board`);
await ada.locator('.board').waitFor();
await picture(
  ada,
  'board',
  'The board',
  'What runs where since when, and what stands in the way: the place is locked with its reason, v3 is on hold.',
);
await grace.goto(`${product.url}/rollouts/shop-2/postmortem`);
await grace.locator('.story .chart').first().waitFor();
await picture(
  grace,
  'postmortem',
  'What is left to learn',
  'The postmortem writes itself from the history: impact, timeline, decisions, measurements, open questions. It is Markdown, too.',
);

const linus = await open('linus', '/c/releases');
await say(linus).fill('/release unlock shop in production because the cause is found');
await say(linus).press('Enter');
await linus.getByText('Linus unlocked').first().waitFor();
await ada.goto(`${product.url}/c/releases`);
await grace.goto(`${product.url}/c/releases`);
await release('v9');
await approve('v9');
await ada.getByText('v9 is live').first().waitFor({ timeout: 240_000 });
await linus.goto(`${product.url}/figures/on-call`);
await linus.getByRole('button', { name: 'Roll back shop to v2' }).waitFor({ timeout: 120_000 });
await picture(
  linus,
  'on-call',
  'On call, when it rings',
  'v9 was healthy in its canary and turned bad with all of the traffic. The alert names its suspect; the way back is one button.',
);
await linus.goto(`${product.url}/board`);
await linus.getByText('fires').first().waitFor();
await picture(
  linus,
  'alert-on-board',
  'The same alert on the board',
  'A place in which something rings says so, in words.',
);
await linus.goto(`${product.url}/figures/on-call`);
await linus.getByRole('button', { name: 'Roll back shop to v2' }).click();
await linus
  .getByRole('dialog')
  .getByRole('button', { name: /Roll back/ })
  .click();
await ada
  .getByRole('article', { name: /shop back to v2 in production: v2 is live/ })
  .waitFor({ timeout: 120_000 });

await linus.goto(`${product.url}/figures`);
await linus.locator('.weeks').waitFor();
await picture(
  linus,
  'figures',
  'How releasing goes',
  'The four figures of DORA and where the time goes, from the history alone; by service, environment and time.',
);
await linus.goto(`${product.url}/figures/debug`);
await linus.locator('.every-figure').waitFor();
await picture(
  linus,
  'every-figure',
  'Every figure, and what it is made of',
  'Each with its meaning and on how much it rests; below, the deployments. Spreadsheets and machines get the same.',
);
await say(ada).fill('/release digest');
await say(ada).press('Enter');
await ada.getByText('in the last day').first().waitFor();
await ada.waitForTimeout(800);
await picture(
  ada,
  'digest',
  'The day in one message',
  'Posted each day at a time of your choice, or asked for: what shipped, what went back and why, what waits, how it goes.',
);

const phone = await open('linus', '/c/releases', {
  viewport: { width: 390, height: 780 },
  isMobile: true,
  hasTouch: true,
});
await phone.locator('.card').first().waitFor();
await picture(phone, 'phone', 'On call, on a phone', 'The same cards, the same buttons.');

await browser.close();
await product.stop();
const parts = scenes.map(
  ({ name, title, text }) => `## ${title}\n\n${text}\n\n![${title}](tour/${name}.png)\n`,
);
await writeFile(
  `${docs}tour.md`,
  `# A tour of the console

Taken from a running demo by \`node test/adapters/console/page/tour.ts\`; nothing is staged. To walk it
yourself: \`npm start\`, open the address that it prints, and follow “Try it” in the side bar.

${parts.join('\n')}`,
);
process.exit(0);
