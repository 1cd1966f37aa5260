import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, requireBrowser, type Visit, visit } from './browser.ts';
import { layWire, type Wire } from './cut.ts';
import { openProduct, type Product } from './product.ts';

/** The product as a newcomer starts it: real processes, real traffic, a real judge. */
describe.skipIf(!requireBrowser())('the story, with two people in two browsers', () => {
  let product: Product;
  let browser: Browser;
  let wire: Wire;
  let ada: Visit;
  let grace: Visit;

  beforeAll(async () => {
    [product, browser] = await Promise.all([openProduct('hasty'), openBrowser()]);
    wire = await layWire(product.url);
    ada = await visit(browser, wire.url, 'ada', '/c/releases');
    grace = await visit(browser, product.url, 'grace', '/c/releases');
  });
  afterAll(async () => {
    await browser.close();
    await wire.close();
    await product.stop();
  });

  it('releases v2 through a canary, cut off in its midst, approved without a mouse', async () => {
    await say(ada.page, '/release deploy shop v2');
    const card = cardOf(grace.page, 'v2');
    const approve = card.getByRole('button', { name: 'Approve v2 for production' });
    await approve.waitFor();
    expect(await grace.page.getByText('Only you see this').count()).toBe(0);

    await tabTo(grace.page, 'Approve v2 for production');
    await grace.page.keyboard.press('Enter');
    await grace.page.getByRole('dialog', { name: 'Approve v2 for production?' }).waitFor();
    await tabTo(grace.page, 'Approve v2');
    await grace.page.keyboard.press('Enter');

    await cardOf(ada.page, 'v2').getByRole('progressbar', { name: 'Traffic to v2' }).waitFor();
    await openThread(ada.page, 'v2');
    await openThread(grace.page, 'v2');
    const thread = ada.page.getByRole('complementary', { name: 'Thread' });
    await thread.getByRole('img', { name: /^errors: v1 .* v2 / }).waitFor();

    wire.cut();
    await ada.page.getByRole('status').getByText('Connection lost').waitFor();
    await cardOf(grace.page, 'v2').getByText('v2 is live').waitFor();
    expect(await cardOf(ada.page, 'v2').getByText('v2 is live').count()).toBe(0);
    wire.mend();
    await cardOf(ada.page, 'v2').getByText('v2 is live').waitFor();
    await thread.getByText('v2 is live in production', { exact: true }).waitFor();

    const [hers, others] = await Promise.all([notesOf(ada.page), notesOf(grace.page)]);
    expect(hers.length).toBeGreaterThan(6);
    expect(new Set(hers.map(({ id }) => id)).size).toBe(hers.length);
    expect(hers).toEqual(others);
  }, 90_000);

  it('says no in private to whoever may not', async () => {
    const mallory = await visit(browser, product.url, 'mallory', '/c/releases');
    await say(mallory.page, '/release deploy shop v3');
    await mallory.page.getByText('access.missing_role').waitFor();
    expect(await mallory.page.getByText('Only you see this').count()).toBe(2);
    expect(await grace.page.getByText('access.missing_role').count()).toBe(0);
    await mallory.close();
  });

  it('finds v3 worse, counts down, rolls back, and locks the place with its reason', async () => {
    await say(ada.page, '/release deploy shop v3');
    const card = cardOf(grace.page, 'v3');
    await card.getByRole('button', { name: 'Approve v3 for production' }).click();
    await grace.page.getByRole('dialog').getByRole('button', { name: 'Approve v3' }).click();

    await card.getByText('Rollback to v2 announced').waitFor({ timeout: 30_000 });
    await card.getByText(/Begins in \d+s/).waitFor();
    await card.getByRole('button', { name: 'Stop rollback' }).waitFor();
    await card.getByText('Rolled back to v2').waitFor({ timeout: 30_000 });
    expect(await card.getByRole('button').count()).toBe(0);

    await grace.page.getByRole('link', { name: 'Board' }).click();
    const place = grace.page.getByRole('row', { name: /^shop/ });
    await place.getByText('Locked by Signalbox').waitFor();
    await place.getByText(/v3 was rolled back by shop-2: errors/).waitFor();
    await place.getByText('v3 is on hold').waitFor();

    await grace.page.goto(`${product.url}/rollouts/shop-2`);
    const verdicts = grace.page.getByRole('region', { name: 'Verdicts' });
    await verdicts.getByRole('row', { name: /errors.*worse/ }).waitFor();
    const prove = grace.page.getByRole('button', { name: /^Prove event/ });
    const proven = grace.page.getByText(/is part of the unaltered history/);
    // The signed checkpoint that covers the newest event follows it by a moment.
    for (let turn = 0; turn < 8; turn += 1) {
      await prove.click();
      await proven.waitFor({ timeout: 3000 }).catch(() => undefined);
      if ((await proven.count()) > 0) break;
    }
    await proven.waitFor();
  }, 90_000);

  it('goes back from a finished release by its button', async () => {
    await cardOf(ada.page, 'v2').getByRole('button', { name: 'Roll back to v1' }).click();
    const dialog = ada.page.getByRole('dialog');
    await dialog.getByText(/v1/).first().waitFor();
    await dialog.getByRole('button', { name: /Roll back/ }).click();
    const back = ada.page.getByRole('article', { name: /shop back to v1 in production:/ });
    await back.getByText('v1 is live').waitFor({ timeout: 30_000 });
    // Ada's line was cut; Grace may have asked for a proof before its checkpoint was made.
    const expected = [/ERR_/, /Failed to load resource.*\b(404|409)\b/];
    const complaints = [...ada.complaints, ...grace.complaints];
    expect(complaints.filter((text) => !expected.some((known) => known.test(text)))).toEqual([]);
  }, 60_000);
});

function cardOf(page: Page, version: string) {
  return page
    .getByRole('region', { name: 'Messages', exact: true })
    .getByRole('article', { name: new RegExp(`shop ${version} → production:`) });
}

async function say(page: Page, text: string): Promise<void> {
  const box = page.getByRole('textbox', { name: /Message #releases/ });
  await box.fill(text);
  await box.press('Enter');
}

async function openThread(page: Page, version: string): Promise<void> {
  await cardOf(page, version)
    .getByRole('link', { name: /notes?/ })
    .click();
  await page.getByRole('complementary', { name: 'Thread' }).waitFor();
}

/** Goes on with the Tab key until a button of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.textContent)) === name) return;
  }
  throw new Error(`No way to ${name} by keyboard`);
}

/** The notes of the open thread: their ids and words, from oldest to newest. */
async function notesOf(page: Page): Promise<readonly { readonly id: string }[]> {
  return page
    .locator('.thread .messages .message')
    .evaluateAll((all) =>
      all.map((one) => ({ id: one.id, text: one.querySelector('.message-words')?.textContent })),
    );
}
