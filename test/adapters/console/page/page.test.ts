import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signalbox } from '#core/people.ts';
import { createStory, type Story } from '../town/story.ts';
import { tell } from '../town/tell.ts';
import { createTown, createTownClock, type Town } from '../town/town.ts';
import { createTownGateway } from '../town/town-gateway.ts';
import { createTownReader } from '../town/town-reader.ts';
import { barriers, openBrowser, requireBrowser, settled, visit } from './browser.ts';
import { layWire } from './cut.ts';

const morning = Date.UTC(2026, 10, 21, 6);

async function openTown(): Promise<{ readonly town: Town; readonly story: Story }> {
  const town = createTown(createTownClock(morning));
  const story = createStory(town);
  await town.console.start(createTownGateway(town, story), createTownReader(town));
  return { town, story };
}

describe.skipIf(!requireBrowser())('the console in a real browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('completes a command word by word, and answers to the one who typed it alone', async () => {
    const { town } = await openTown();
    const url = town.console.url();
    const ada = await visit(browser, url, 'ada');
    const grace = await visit(browser, url, 'grace');

    const box = ada.page.getByRole('textbox', { name: /Message #releases/ });
    await box.pressSequentially('/dep');
    await ada.page.getByRole('option', { name: /^deploy/ }).waitFor();
    await box.press('Tab');
    await ada.page.getByRole('option', { name: /^shop/ }).waitFor();
    await box.pressSequentially('sh');
    await box.press('Tab');
    await ada.page.getByRole('option', { name: /^v2/ }).waitFor();
    expect(await box.inputValue()).toBe('/deploy shop ');
    await box.pressSequentially('v2');
    await box.press('Enter');

    await grace.page.getByRole('article', { name: /shop v2 → production/ }).waitFor();
    expect(await grace.page.getByText('Only you see this').count()).toBe(0);
    await ada.page.getByText('Only you see this').nth(1).waitFor();
    expect([...ada.complaints, ...grace.complaints]).toEqual([]);
    await Promise.all([ada.close(), grace.close()]);
    await town.console.close();
  });

  it('says no to the one who asked, and changes nothing', async () => {
    const { town, story } = await openTown();
    const id = await story.request(
      { person: 'ada', account: account('ada'), displayName: 'Ada Lovelace' },
      'shop',
      'production',
      'v2',
      'v1',
    );
    const ada = await visit(browser, town.console.url(), 'ada');
    const grace = await visit(browser, town.console.url(), 'grace');
    await ada.page.getByRole('button', { name: 'Approve v2 for production' }).click();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Approve v2' }).click();
    const alert = ada.page.getByRole('alert');
    await alert.getByText('You requested this release yourself.').waitFor();
    await alert.getByText('Ask Grace Hopper or Linus Pauling').waitFor();
    await ada.page.getByText('approval.self').waitFor();
    expect(town.state(id).approvals).toEqual([]);
    expect(await grace.page.getByText('approval.self').count()).toBe(0);
    await Promise.all([ada.close(), grace.close()]);
    await town.console.close();
  });

  it('rests while the line is cut in mid-canary, and then shows what it missed', async () => {
    const { town, story } = await openTown();
    const { live } = await tell(town, story);
    const wire = await layWire(town.console.url());
    const { page, close } = await visit(browser, wire.url, 'ada');
    const card = page.getByRole('article', { name: /shop v2 → production/ });
    const back = card.getByRole('button', { name: 'Roll back to v1' });
    await back.waitFor();
    expect(await back.getAttribute('aria-disabled')).toBe('false');

    wire.cut();
    await page.getByRole('status').getByText('Connection lost').waitFor();
    expect(await back.getAttribute('aria-disabled')).toBe('true');
    const cause = { kind: 'verdict', detail: 'It is worse.' } as const;
    await town.record(live, signalbox, [
      { kind: 'abort.begun', cause, by: signalbox },
      { kind: 'rollout.rolled_back', to: null },
    ]);
    expect(await back.count()).toBe(1);

    wire.mend();
    await card.getByText('Rolled back to v1').waitFor();
    await back.waitFor({ state: 'detached' });
    expect(await page.getByText('Connection lost').count()).toBe(0);
    await close();
    await wire.close();
    await town.console.close();
  });

  it('marks what is new, and what names one', async () => {
    const { town } = await openTown();
    const ada = await visit(browser, town.console.url(), 'ada', '/c/incidents');
    const grace = await visit(browser, town.console.url(), 'grace', '/c/releases');
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
    await Promise.all([ada.close(), grace.close()]);
    await town.console.close();
  });

  it('loads older messages as one scrolls, and keeps the place', async () => {
    const { town } = await openTown();
    const { platform } = town.console;
    const place = { platform: 'console', tenant: 'console', channel: 'releases', thread: null };
    for (let index = 1; index <= 95; index += 1) {
      const line = [`message number ${index}`];
      const view = { tone: 'neutral', title: '', summary: 'x', blocks: [{ kind: 'text', line }] };
      await platform.post(
        place,
        { ...view, tone: 'neutral', blocks: [{ kind: 'text', line }] },
        `n${index}`,
      );
    }
    const { page, close } = await visit(browser, town.console.url(), 'ada');
    await page.getByText('message number 95', { exact: true }).waitFor();
    expect(await page.getByText('message number 5', { exact: true }).count()).toBe(0);
    for (const shown of [50, 5]) {
      await page.locator('.messages').evaluate((list) => list.scrollTo(0, 0));
      await page.getByText(`message number ${shown}`, { exact: true }).waitFor();
    }
    const numbers = await page.locator('.message').allTextContents();
    expect(numbers).toHaveLength(95);
    await close();
    await town.console.close();
  });

  describe('on a day in the town', () => {
    let town: Town;
    let ids: Awaited<ReturnType<typeof tell>>;
    beforeAll(async () => {
      const opened = await openTown();
      town = opened.town;
      ids = await tell(town, opened.story);
    });
    afterAll(() => town.console.close());

    const pages = [
      ['the channel', () => '/c/releases', '.message'],
      ['a thread', () => `/c/releases/${town.message(ids.live)}`, '.thread .chart'],
      ['the board', () => '/board', '.board'],
      ['the releases', () => '/rollouts', '.release-row'],
      ['a release under way', () => `/rollouts/${ids.live}`, '.release .chart'],
      ['a release that was rolled back', () => `/rollouts/${ids.bad}`, '.release .chart'],
      ['the page that links accounts', () => '/link', '.link-form'],
      ['a page that is not there', () => '/c/nowhere', '.empty'],
    ] as const;

    it.each(pages)('has no barriers on %s: light, dark, on a phone', async (_name, path, mark) => {
      const { page, complaints, close } = await visit(browser, town.console.url(), 'ada', path());
      await settled(page, mark);
      expect(await barriers(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await barriers(page, ['color-contrast'])).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      await page.waitForFunction(
        () => document.documentElement.scrollWidth === document.documentElement.clientWidth,
      );
      expect(await barriers(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await close();
    });

    it('has no barriers in its dialog, palette and suggestions', async () => {
      const { page, close } = await visit(browser, town.console.url(), 'grace');
      await page.getByRole('button', { name: 'Approve v2 for production' }).click();
      await page.getByRole('dialog').waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /Go to/ }).fill('check');
      await page.getByRole('option', { name: /checkout-2/ }).waitFor();
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: /checkout/ }).waitFor();
      await page.goBack();
      await page.keyboard.press('/');
      await page.keyboard.type('/release deploy ');
      await page.getByRole('option', { name: /^shop/ }).waitFor();
      expect(await barriers(page)).toEqual([]);
      await close();
    });

    it('opens its menu on a phone, and closes it on the way', async () => {
      const { page, close } = await visit(browser, town.console.url(), 'ada', '/board', {
        viewport: { width: 360, height: 740 },
      });
      const entry = page.getByRole('link', { name: 'Releases', exact: true });
      expect(await entry.isVisible()).toBe(false);
      await page.getByRole('button', { name: 'Menu' }).click();
      await entry.click();
      await page.getByRole('heading', { level: 1, name: 'Releases' }).waitFor();
      await entry.waitFor({ state: 'hidden' });
      await close();
    });

    it('loads in less than 200 kB, without layout jumps', async () => {
      const { page, transferred, close } = await visit(
        browser,
        town.console.url(),
        'ada',
        '/board',
      );
      await page.addInitScript(() => {
        const shifts: number[] = [];
        globalThis.shifts = shifts;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            if ('value' in entry && typeof entry.value === 'number') shifts.push(entry.value);
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await settled(page, '.board');
      expect(transferred()).toBeGreaterThan(20_000);
      expect(transferred()).toBeLessThan(200_000);
      for (const [, path, mark] of pages) {
        await page.goto(town.console.url() + path());
        await settled(page, mark);
        await page.waitForTimeout(150);
        const shift = await page.evaluate(() => globalThis.shifts.reduce((a, b) => a + b, 0));
        expect([path(), shift < 0.02]).toEqual([path(), true]);
      }
      await close();
    });

    it('comes up over a slow link, and is refused what it may not show', async () => {
      const { page, close } = await visit(browser, town.console.url(), 'ada', '/link');
      const network = await page.context().newCDPSession(page);
      await network.send('Network.emulateNetworkConditions', {
        ...{ offline: false, latency: 120 },
        ...{ downloadThroughput: 80_000, uploadThroughput: 40_000 },
      });
      await page.goto(`${town.console.url()}/board`);
      await page
        .getByRole('row', { name: /^search/ })
        .getByText('Not as released')
        .waitFor();
      await page.goto(`${town.console.url()}/rollouts/shop-99`);
      await page.getByText('There is no release shop-99.').waitFor();
      await page.goto(`${town.console.url()}/c/approvers`);
      await page.getByText('you are not a member of it').waitFor();
      await close();
    });

    it('leads from a link to a message into its thread', async () => {
      const { page, close } = await visit(browser, town.console.url(), 'ada', '/c/releases/4');
      await page.getByRole('complementary', { name: 'Thread' }).waitFor();
      await page.waitForURL(/\/c\/releases\/1\?m=4/);
      await page.locator('.thread #m4').waitFor();
      await page.getByRole('button', { name: 'Close thread' }).click();
      await page.waitForURL(/\/c\/releases$/);
      await close();
    });

    it('keeps nothing of the former persona', async () => {
      const { page, close } = await visit(browser, town.console.url(), 'ada');
      await page.getByRole('button', { name: /Ada Lovelace/ }).click();
      await page.getByRole('button', { name: /Grace Hopper/ }).click();
      await page.getByRole('link', { name: 'approvers' }).waitFor();
      expect(await page.getByRole('link', { name: 'engineers' }).count()).toBe(1);
      await page.getByRole('button', { name: /Grace Hopper/ }).click();
      await page.getByRole('button', { name: /Mary Jackson/ }).click();
      await page.getByRole('link', { name: 'approvers' }).waitFor({ state: 'detached' });
      await close();
    });
  });
});

function account(user: string) {
  return { platform: 'console', tenant: 'console', user };
}
