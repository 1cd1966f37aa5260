import { mkdir, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser, visit } from './browser.ts';
import { openProduct } from './product.ts';

/**
 * By hand: `node test/adapters/console/page/tour.ts` runs the demo's story with two people in real
 * browsers, about three minutes, and writes docs/tour.md with its pictures.
 */
const docs = fileURLToPath(new URL('../../../../docs/', import.meta.url));
const largest = 200_000;
const scenes: { readonly name: string; readonly title: string; readonly text: string }[] = [];

const product = await openProduct('demo');
const browser = await openBrowser();
await mkdir(`${docs}tour`, { recursive: true });

async function open(user: string, path: string, options: BrowserContextOptions = {}) {
  const { page } = await visit(browser, product.url, user, path, {
    viewport: { width: 1200, height: 700 },
    ...options,
  });
  return page;
}

async function picture(page: Page, name: string, title: string, text: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForTimeout(400);
  const path = `${docs}tour/${name}.png`;
  await page.screenshot({ path });
  const { size } = await stat(path);
  if (size > largest) throw new Error(`${name}.png has ${size} bytes`);
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
