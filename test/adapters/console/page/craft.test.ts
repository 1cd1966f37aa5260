import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '#core/people.ts';
import { openGuarded } from '../guarded.ts';
import { createStory, type Story } from '../town/story.ts';
import { tell } from '../town/tell.ts';
import { createTown, createTownClock, type Town } from '../town/town.ts';
import { createTownGateway } from '../town/town-gateway.ts';
import { createTownReader } from '../town/town-reader.ts';
import { barriers, openBrowser, requireBrowser, settled, type Visit, visit } from './browser.ts';

const morning = Date.UTC(2026, 10, 21, 6);
const wide = { width: 1280, height: 860 };
const phone = { width: 360, height: 740 };
/** What a small window can break that a wide one does not. */
const onPhones = ['target-size', 'scrollable-region-focusable', 'region', 'heading-order'];

const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
const hostile: Actor = {
  person: 'mallory',
  account: { platform: 'console', tenant: 'console', user: 'mallory' },
  displayName: `${markup}\u202Egnp.exe`,
};

describe.skipIf(!requireBrowser())('the craft of the pages', () => {
  let browser: Browser;
  let town: Town;
  let story: Story;
  let ids: Awaited<ReturnType<typeof tell>>;
  let ada: Visit;
  let page: Page;

  beforeAll(async () => {
    town = createTown(createTownClock(morning));
    story = createStory(town);
    await town.console.start(createTownGateway(town, story), createTownReader(town));
    [browser, ids] = await Promise.all([openBrowser(), tell(town, story)]);
    ada = await visit(browser, town.console.url(), 'ada', '/board');
    page = ada.page;
  });
  afterAll(async () => {
    await browser.close();
    await town.console.close();
  });

  it('loads in less than 200 kB and paints at once, without layout jumps', async () => {
    expect(ada.transferred()).toBeGreaterThan(20_000);
    expect(ada.transferred()).toBeLessThan(200_000);
    await page.addInitScript(() => {
      const shifts: number[] = [];
      globalThis.shifts = shifts;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          if ('value' in entry && typeof entry.value === 'number') shifts.push(entry.value);
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    for (const [path, mark] of [
      ['/board', '.board'],
      ['/c/releases', '.message'],
      [`/rollouts/${ids.bad}`, '.release .chart'],
    ] as const) {
      await page.goto(town.console.url() + path);
      await settled(page, mark);
      const [shift, painted] = await page.evaluate(async () => {
        // Two frames after everything is there, whatever moves has moved.
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null;
        return [globalThis.shifts.reduce((a, b) => a + b, 0), paint] as const;
      });
      expect([path, shift < 0.02, painted !== null]).toEqual([path, true, true]);
    }
  });

  const pages = [
    ['the channel', () => '/c/releases', '.message'],
    ['a thread', () => `/c/releases/${town.message(ids.live)}`, '.thread .chart'],
    ['the board', () => '/board', '.board'],
    ['the releases', () => '/rollouts', '.release-row'],
    ['a release under way', () => `/rollouts/${ids.live}`, '.release .chart'],
    ['a release that was rolled back', () => `/rollouts/${ids.bad}`, '.release .chart'],
    ['a postmortem', () => `/rollouts/${ids.bad}/postmortem`, '.story .chart'],
    ['the figures for leads', () => '/figures', '.tile'],
    ['what rings and the figures for on-call', () => '/figures/on-call', '.ringing'],
    ['every figure', () => '/figures/debug', '.figures table'],
    ['the page that links accounts', () => '/link', '.link-form'],
    ['a channel that is not there', () => '/c/nowhere', '.nothing'],
  ] as const;

  it.each(pages)('has no barriers on %s: light, dark, on a phone', async (_name, path, mark) => {
    await page.goto(town.console.url() + path());
    await settled(page, mark);
    await unhindered(page);
    expect(ada.complaints).toEqual([]);
  });

  it('has no barriers in its dialog, palette and suggestions', async () => {
    const { page: hers, close } = await visit(browser, town.console.url(), 'grace');
    await hers.getByRole('button', { name: 'Approve v2 for production' }).click();
    await hers.getByRole('dialog').waitFor();
    expect(await barriers(hers)).toEqual([]);
    await hers.keyboard.press('Escape');
    await hers.getByRole('dialog').waitFor({ state: 'detached' });
    await hers.keyboard.press('Control+k');
    await hers.getByRole('combobox', { name: /Go to/ }).fill('check');
    await hers.getByRole('option', { name: /checkout-2/ }).waitFor();
    expect(await barriers(hers)).toEqual([]);
    await hers.keyboard.press('Escape');
    await hers.getByRole('textbox', { name: /Message #releases/ }).fill('/release deploy ');
    await hers.getByRole('option', { name: /^shop/ }).waitFor();
    // They lie over the messages, and are gone with the next key.
    expect(await barriers(hers, undefined, '.composer')).toEqual([]);
    await close();
  });

  it('has no barriers where people sign in, and leads back to where they wanted to be', async () => {
    const { web, close } = await openGuarded();
    const context = await browser.newContext({ viewport: wide, reducedMotion: 'reduce' });
    const stranger = await context.newPage();
    await stranger.goto(`${web.url()}/board`);
    await settled(stranger, '.sign-in .button');
    await unhindered(stranger);
    await stranger.getByRole('link', { name: /^Continue/ }).click();
    await stranger.locator('[name=login]').fill('grace');
    await stranger.locator('[name=password]').fill('any');
    await stranger.locator('[type=submit]').click();
    await stranger.locator('[type=submit]').click();
    await stranger.waitForURL(`${web.url()}/board`);
    await stranger.getByRole('button', { name: /Grace Hopper/ }).waitFor();
    await context.close();
    await close();
  });

  it('moves nothing for those who asked for rest, and shows where the keys are', async () => {
    await page.goto(`${town.console.url()}/c/releases`);
    await settled(page, '.step[data-mark=running] .mark');
    const moving = await page.evaluate(() =>
      document.getAnimations().filter(({ playState }) => playState === 'running'),
    );
    expect(moving).toEqual([]);
    await page.keyboard.press('Tab');
    const outline = await page.evaluate(() =>
      document.activeElement === null ? '' : getComputedStyle(document.activeElement).outlineStyle,
    );
    expect(outline).toBe('solid');
  });

  it('shows hostile names and endless words as what they are, calmly', async () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `line ${index}`).join('\n');
    const id = await story.request(hostile, 'shop', 'staging', `v${'9'.repeat(120)}`, 'v1', markup);
    await story.request(hostile, 'search', 'staging', 'v3', 'v1', `${'w'.repeat(5000)} ${lines}`);
    const place = { platform: 'console', tenant: 'console', channel: 'releases', thread: null };
    const blocks = [
      { kind: 'text', line: [lines] },
      { kind: 'code', text: lines },
    ] as const;
    const view = { tone: 'neutral', title: markup, summary: markup, blocks } as const;
    await town.console.platform.post(place, view, 'endless');

    for (const [path, shown] of [
      ['/c/releases', '<img src=x'],
      ['/board', 'v99999'],
      ['/rollouts', '<img src=x'],
      [`/rollouts/${id}`, '<img src=x'],
    ] as const) {
      await page.goto(town.console.url() + path);
      await page.getByText(shown).first().waitFor();
      expect(await page.title()).not.toMatch(/^[12]$/);
      expect(await page.locator('#app :is(script, img)').count()).toBe(0);
      expect(await page.locator('#app').textContent()).not.toContain('\u202E');
      for (const size of [wide, phone]) {
        await page.setViewportSize(size);
        await fits(page);
      }
      await page.setViewportSize(wide);
    }
    await page.goto(`${town.console.url()}/c/releases`);
    const endless = page.getByRole('article', { name: /^Signalbox: <img/ });
    await endless.waitFor();
    expect((await endless.boundingBox())?.height).toBeLessThan(1200);
    await endless.getByRole('button', { name: 'Show all' }).click();
    await endless.getByRole('button', { name: 'Show less' }).waitFor();
  });
});

/** Nothing is wider than the window. */
function fits(page: Page): Promise<unknown> {
  return page.waitForFunction(
    () => document.documentElement.scrollWidth === document.documentElement.clientWidth,
  );
}

/** Even a transition of no length takes its colours from before until the next frame. */
function painted(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    for (let frame = 0; frame < 2; frame += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
}

async function unhindered(page: Page): Promise<void> {
  expect(await barriers(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await painted(page);
  expect(await barriers(page, ['color-contrast'])).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(phone);
  await fits(page);
  expect(await barriers(page, onPhones)).toEqual([]);
  await page.setViewportSize(wide);
}
