import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signalbox } from '#core/people.ts';
import { createStory, type Story } from '../town/story.ts';
import { tell } from '../town/tell.ts';
import { createTown, createTownClock, type Town } from '../town/town.ts';
import { createTownGateway } from '../town/town-gateway.ts';
import { createTownReader } from '../town/town-reader.ts';
import { follow, openBrowser, requireBrowser, type Visit, visit } from './browser.ts';
import { layWire } from './cut.ts';

const morning = Date.UTC(2026, 10, 21, 6);

/** One town, one browser, and in it one window for each of two people. */
describe.skipIf(!requireBrowser())('the console in a real browser', () => {
  let browser: Browser;
  let town: Town;
  let story: Story;
  let ids: Awaited<ReturnType<typeof tell>>;
  let ada: Visit;
  let grace: Visit;

  beforeAll(async () => {
    town = createTown(createTownClock(morning));
    story = createStory(town);
    await town.console.start(createTownGateway(town, story), createTownReader(town));
    [browser, ids] = await Promise.all([openBrowser(), tell(town, story)]);
    ada = await visit(browser, town.console.url(), 'ada', '/c/releases');
    grace = await visit(browser, town.console.url(), 'grace', '/c/releases', {
      ...{ isMobile: true, hasTouch: true },
    });
  });
  afterAll(async () => {
    await browser.close();
    await town.console.close();
  });

  /** As one who was sent the address; everybody else follows links. */
  async function open(page: Page, path: string): Promise<void> {
    await page.goto(town.console.url() + path);
    await page.locator('.page-head:visible').first().waitFor();
  }

  it('completes a command word by word, and answers to the one who typed it alone', async () => {
    const box = ada.page.getByRole('textbox', { name: /Message #releases/ });
    await box.pressSequentially('/dep');
    await ada.page.getByRole('option', { name: /^deploy/ }).waitFor();
    await box.press('Tab');
    await ada.page.getByRole('option', { name: /^checkout/ }).waitFor();
    await box.pressSequentially('che');
    await box.press('Tab');
    await ada.page.getByRole('option', { name: /^v1/ }).waitFor();
    expect(await box.inputValue()).toBe('/deploy checkout ');
    // Whoever types the whole word is not held up, nor given another, by what comes late.
    await ada.page.route('**/api/complete', () => {});
    await box.pressSequentially('v1');
    await box.press('Enter');
    expect(await box.inputValue()).toBe('');
    await ada.page.unrouteAll();

    await grace.page.getByRole('article', { name: /checkout v1 → production/ }).waitFor();
    await ada.page
      .getByText(/: checkout v1 to production/)
      .last()
      .waitFor();
    expect(await ada.page.getByText('Only you see this').count()).toBeGreaterThan(0);
    expect(await grace.page.getByText('Only you see this').count()).toBe(0);
    expect([...ada.complaints, ...grace.complaints]).toEqual([]);
  });

  it('says no to the one who asked, and changes nothing', async () => {
    const by = { person: 'ada', account: account('ada'), displayName: 'Ada Lovelace' };
    const id = await story.request(by, 'search', 'production', 'v9', 'v1');
    await ada.page.getByRole('button', { name: 'Approve v9 for production' }).click();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Approve v9' }).click();
    const alert = ada.page.getByRole('alert');
    await alert.getByText('You requested this release yourself.').waitFor();
    await alert.getByText('Ask Grace Hopper or Linus Pauling').waitFor();
    await ada.page.getByText('approval.self').waitFor();
    expect(town.state(id).approvals).toEqual([]);
    expect(await grace.page.getByText('approval.self').count()).toBe(0);
  });

  it('marks what is new, and what names one', async () => {
    await follow(ada.page, '/c/incidents');
    const box = grace.page.getByRole('textbox', { name: /Message #releases/ });
    await box.fill('Could you look, @ada?');
    await box.press('Enter');
    const entry = ada.page.getByRole('link', { name: /^releases/ });
    await ada.page.getByRole('link', { name: /releases\s*1 for you/ }).waitFor();
    await entry.click();
    await ada.page.locator('.message-words').getByText('Could you look, ').waitFor();
    await ada.page.locator('.badge').waitFor({ state: 'detached' });
    expect(await ada.page.locator('[data-mention=true]').count()).toBe(1);
    expect(await grace.page.locator('[data-mention=true]').count()).toBe(0);
  });

  it('loads older messages as one scrolls, and keeps the place', async () => {
    const place = { platform: 'console', tenant: 'console', channel: 'incidents', thread: null };
    for (let index = 1; index <= 95; index += 1) {
      const block = { kind: 'text', line: [`message number ${index}`] } as const;
      const view = { tone: 'neutral', title: '', summary: 'x', blocks: [block] } as const;
      await town.console.platform.post(place, view, `n${index}`);
    }
    await open(ada.page, '/c/incidents');
    await ada.page.getByText('message number 95', { exact: true }).waitFor();
    expect(await ada.page.getByText('message number 5', { exact: true }).count()).toBe(0);
    for (const shown of [50, 5]) {
      await ada.page.locator('.messages').evaluate((list) => list.scrollTo(0, 0));
      await ada.page.getByText(`message number ${shown}`, { exact: true }).waitFor();
    }
    expect(await ada.page.locator('.message').count()).toBe(95);
    // What one says oneself is followed; until then the place is kept.
    const back = ada.page.getByRole('button', { name: 'Newest messages' });
    await back.waitFor();
    const box = ada.page.getByRole('textbox', { name: /Message #incidents/ });
    await box.fill('I read all of it.');
    await box.press('Enter');
    await ada.page.locator('.message-words').getByText('I read all of it.').waitFor();
    await back.waitFor({ state: 'detached' });
  });

  it('gives each message an address that leads to it, however old it is', async () => {
    const { page } = ada;
    const words = page.getByText('message number 5', { exact: true });
    const old = page.locator('.message').filter({ has: words });
    const path = await old.getByTitle('Link to this message').getAttribute('href');
    await follow(page, '/board');
    await open(page, path ?? '');
    await old.waitFor();
    await page.waitForFunction(() => {
      const box = document.querySelector('.message[data-focused=true]')?.getBoundingClientRect();
      return box !== undefined && box.top > 0 && box.bottom < innerHeight;
    });
    expect(await old.getAttribute('data-focused')).toBe('true');
  });

  it('leads from a link to a message into its thread', async () => {
    await follow(ada.page, '/c/releases/4');
    await ada.page.getByRole('complementary', { name: 'Thread' }).waitFor();
    await ada.page.waitForURL(/\/c\/releases\/1\?m=4/);
    await ada.page.locator('.thread #m4').waitFor();
    await ada.page.getByRole('button', { name: 'Close thread' }).click();
    await ada.page.waitForURL(/\/c\/releases$/);
  });

  it('links an account of another platform only after both were shown', async () => {
    await open(ada.page, '/link#code-of-yesterday');
    await ada.page.getByText('has expired or was already used').first().waitFor();
    expect(await ada.page.getByRole('button', { name: /link them/ }).count()).toBe(0);
    await follow(ada.page, '/board');
    await open(ada.page, '/link#code-from-elsewhere');
    await ada.page.getByText('ada@chat.example and Ada Lovelace become one.').waitFor();
    expect(new URL(ada.page.url()).hash).toBe('');
    await ada.page.getByRole('button', { name: 'Both accounts are mine: link them' }).click();
    await ada.page.getByText('ada@chat.example is Ada Lovelace.').first().waitFor();
    await ada.page.getByRole('link', { name: 'Go to the channels' }).waitFor();
  });

  it('goes anywhere by name, and back', async () => {
    await follow(grace.page, '/board');
    await grace.page.keyboard.press('Control+k');
    await grace.page.getByRole('combobox', { name: /Go to/ }).fill('check');
    await grace.page.getByRole('option', { name: /checkout-2/ }).waitFor();
    await grace.page.keyboard.press('Enter');
    await grace.page.getByRole('heading', { level: 1, name: /checkout/ }).waitFor();
    await grace.page.goBack();
    await grace.page.getByRole('heading', { level: 1, name: 'Board' }).waitFor();
    const [missing] = await Promise.all([
      grace.page.waitForResponse(/no-such-place/),
      open(grace.page, '/no-such-place'),
    ]);
    expect(missing.status()).toBe(404);
    await grace.page.getByRole('link', { name: 'See what runs where' }).click();
    await grace.page.getByRole('heading', { level: 1, name: 'Board' }).waitFor();
  });

  it('marks a place where an alert fires, and leads on-call to what to do', async () => {
    const { page } = grace;
    await follow(page, '/board');
    const place = page.getByRole('row', { name: /^checkout/ });
    await place.getByRole('link', { name: 'HighErrorRate fires' }).click();
    await page.getByRole('heading', { level: 1, name: 'On call' }).waitFor();
    const alert = page.getByRole('article', {
      name: 'HighErrorRate: checkout in production: firing',
    });
    await alert.getByRole('button', { name: 'Roll back checkout to v1' }).waitFor();
    expect(await alert.getByRole('link', { name: 'Release checkout-1' }).getAttribute('href')).toBe(
      '/rollouts/checkout-1',
    );
    await page.getByText('PagerDuty names nobody').waitFor();
    await page.getByText('Locked by Linus Pauling').waitFor();
    const waits = page.getByRole('listitem').filter({ hasText: 'search v2 → production' });
    await waits.getByRole('button', { name: 'Approve v2 for production' }).waitFor();

    const id = await story.request(signalbox, 'shop', 'production', 'v7', 'v1');
    await page.getByRole('link', { name: 'shop v7 → production' }).waitFor();
    await town.record(id, signalbox, [{ kind: 'rollout.cancelled', by: signalbox, reason: '' }]);
    await page.getByRole('link', { name: 'shop v7 → production' }).waitFor({ state: 'detached' });
  });

  it('narrows figures down by keyboard, in an address that shows the same to others', async () => {
    const { page } = grace;
    await follow(page, '/figures');
    const service = page.getByRole('combobox', { name: 'Service' });
    await service.focus();
    await page.keyboard.press('c');
    await page.waitForURL(/\/figures\?days=30&service=checkout$/);
    await page.getByRole('combobox', { name: 'Over' }).selectOption('90 days');
    await page.waitForURL(/\?days=90&service=checkout$/);
    const figures = page.getByRole('link', { name: 'Figures as CSV' });
    expect(await figures.getAttribute('href')).toBe('/api/figures.csv?days=90&service=checkout');
    await page.getByRole('link', { name: 'Every figure' }).click();
    await page.reload();
    expect(await service.inputValue()).toBe('checkout');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('link', { name: 'JSON' }).waitFor();
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  it('takes an approval by touch on a phone', async () => {
    const by = { person: 'mary', account: account('mary'), displayName: 'Mary Jackson' };
    const id = await story.request(by, 'checkout', 'production', 'v8', 'v2');
    const { page } = grace;
    await page.setViewportSize({ width: 390, height: 844 });
    await follow(page, '/c/releases');
    await page.getByRole('button', { name: 'Approve v8 for production' }).tap();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve v8' }).tap();
    await page.getByRole('button', { name: 'Approve v8' }).waitFor({ state: 'detached' });
    expect(town.state(id).approvals.map((one) => one.by.person)).toEqual(['grace']);
  });

  it('opens its menu on a phone, closes it on the way, and keeps a search in the address', async () => {
    await grace.page.setViewportSize({ width: 360, height: 740 });
    const entry = grace.page.getByRole('link', { name: 'Releases', exact: true });
    await entry.waitFor({ state: 'hidden' });
    await grace.page.getByRole('button', { name: 'Menu' }).click();
    await entry.click();
    await grace.page.getByRole('heading', { level: 1, name: 'Releases' }).waitFor();
    await entry.waitFor({ state: 'hidden' });
    await grace.page.getByRole('searchbox', { name: 'Search releases' }).fill('checkout');
    await grace.page.waitForURL(/\/rollouts\?text=checkout$/);
  });

  it('rests while the line is cut in mid-canary, and then shows what it missed', async () => {
    const wire = await layWire(town.console.url());
    const { page } = ada;
    await page.goto(`${wire.url}/c/releases`);
    const card = page.getByRole('article', { name: /shop v2 → production/ });
    const back = card.getByRole('button', { name: 'Roll back to v1' });
    await back.waitFor();
    expect(await back.getAttribute('aria-disabled')).toBe('false');

    wire.cut();
    await page.getByRole('status').getByText('Connection lost').waitFor();
    expect(await back.getAttribute('aria-disabled')).toBe('true');
    const cause = { kind: 'verdict', detail: 'It is worse.' } as const;
    await town.record(ids.live, signalbox, [
      { kind: 'abort.begun', cause, by: signalbox },
      { kind: 'rollout.rolled_back', to: null },
    ]);
    expect(await back.count()).toBe(1);

    wire.mend();
    await card.getByText('Rolled back to v1').waitFor();
    await back.waitFor({ state: 'detached' });
    expect(await page.getByText('Connection lost').count()).toBe(0);
    await wire.close();
  });

  it('comes up over a slow link, and is refused what it may not show', async () => {
    const network = await ada.page.context().newCDPSession(ada.page);
    await network.send('Network.setCacheDisabled', { cacheDisabled: true });
    await network.send('Network.emulateNetworkConditions', {
      ...{ offline: false, latency: 120 },
      ...{ downloadThroughput: 80_000, uploadThroughput: 40_000 },
    });
    await open(ada.page, '/board');
    await ada.page
      .getByRole('row', { name: /^search/ })
      .getByText('Not as released')
      .waitFor();
    await network.detach();
    await follow(ada.page, '/rollouts/shop-99');
    await ada.page.getByText('There is no release shop-99.').waitFor();
    await follow(ada.page, '/c/approvers');
    await ada.page.getByText('you are not a member of it').waitFor();
  });

  it('keeps nothing of the former persona', async () => {
    const { page } = ada;
    await page.getByRole('button', { name: /Ada Lovelace/ }).click();
    await page.getByRole('button', { name: /Grace Hopper/ }).click();
    await page.getByRole('link', { name: 'approvers' }).waitFor();
    expect(await page.getByRole('link', { name: 'engineers' }).count()).toBe(1);
    await page.getByRole('button', { name: /Grace Hopper/ }).click();
    await page.getByRole('button', { name: /Mary Jackson/ }).click();
    await page.getByRole('link', { name: 'approvers' }).waitFor({ state: 'detached' });
  });
});

function account(user: string) {
  return { platform: 'console', tenant: 'console', user };
}
