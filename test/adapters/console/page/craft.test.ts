import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Chart } from '#core/message.ts';
import type { Actor } from '#core/people.ts';
import { openGuarded } from '../guarded.ts';
import { createStory, type Story } from '../town/story.ts';
import { tell } from '../town/tell.ts';
import { createTown, createTownClock, type Town } from '../town/town.ts';
import { createTownGateway } from '../town/town-gateway.ts';
import { createTownReader } from '../town/town-reader.ts';
import {
  barriers,
  follow,
  openBrowser,
  requireBrowser,
  settled,
  type Visit,
  visit,
} from './browser.ts';
import { firstLoad } from './first-load.ts';

const morning = Date.UTC(2026, 10, 21, 6);
const wide = { width: 1280, height: 860 };
const phone = { width: 360, height: 740 };
const colours = ['color-contrast'];
/** What the dark, and a small window, can break that light and a wide one do not. */
const elsewhere = [
  ...colours,
  'target-size',
  'scrollable-region-focusable',
  'region',
  'heading-order',
];

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
  let grace: Visit;
  let page: Page;

  beforeAll(async () => {
    town = createTown(createTownClock(morning));
    story = createStory(town);
    await town.console.start(createTownGateway(town, story), createTownReader(town));
    [browser, ids] = await Promise.all([openBrowser(), tell(town, story)]);
    grace = await visit(browser, town.console.url(), 'grace', '/board');
    page = grace.page;
  });
  afterAll(async () => {
    await browser.close();
    await town.console.close();
  });

  it('loads in less than 160 kB and paints at once, without layout jumps', async () => {
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
      ['/c/releases', '.message'],
      [`/rollouts/${ids.bad}`, '.release .chart'],
      ['/board', '.board'],
    ] as const) {
      const bytes = await firstLoad(page, town.console.url() + path, mark);
      expect(bytes).toBeGreaterThan(100_000);
      expect(bytes).toBeLessThan(160_000);
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

  it('has no barriers in the frame of all pages, by day and by night', async () => {
    await follow(page, '/c/nowhere');
    await settled(page, '.nothing');
    expect(await barriers(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await painted(page);
    expect(await barriers(page, colours)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'light' });
    await painted(page);
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
    await follow(page, path());
    await settled(page, mark);
    await unhindered(page, mark.startsWith('.thread') ? ['.sidebar', '.pane'] : ['.sidebar']);
    expect(grace.complaints).toEqual([]);
  });

  it('draws stretches of days as bars, named in their own time zone', async () => {
    const points = (last: number) => [
      { at: Date.UTC(2026, 10, 7, 15), value: 1 },
      { at: Date.UTC(2026, 10, 14, 15), value: last },
    ];
    const chart: Chart = {
      ...{ title: 'Deployments', unit: 'count', days: { zone: 'Asia/Tokyo' } },
      series: [
        { name: 'reached 100 %', side: 'stable', points: points(4) },
        { name: 'failed', side: 'candidate', points: points(2) },
      ],
    };
    const blocks = [{ kind: 'chart', chart }] as const;
    const view = { tone: 'neutral', title: 'Digest', summary: 'A week', blocks } as const;
    const place = { platform: 'console', tenant: 'console', channel: 'incidents', thread: null };
    await town.console.platform.post(place, view, 'digest');
    await follow(page, '/c/incidents');
    const week = page.locator('.weeks-plot li').filter({ hasText: '4 reached 100' });
    await week.getByText('15 Nov', { exact: true }).waitFor();
    const heights = await week
      .locator('.week-bars i')
      .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect().height));
    expect(heights[0]).toBeGreaterThan(50);
    expect(heights[1]).toBe((heights[0] ?? 0) / 2);
    expect(await barriers(page, undefined, { include: ['.weeks'] })).toEqual([]);
  });

  it('has no barriers in its dialog, palette and suggestions', async () => {
    await follow(page, '/c/releases');
    await page.getByRole('button', { name: 'Approve v2 for production' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page, undefined, { include: ['.dialog'] })).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /Go to/ }).fill('check');
    await page.getByRole('option', { name: /checkout-2/ }).waitFor();
    expect(await barriers(page, undefined, { include: ['.palette'] })).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('textbox', { name: /Message #releases/ }).fill('/release deploy ');
    await page.getByRole('option', { name: /^shop/ }).waitFor();
    // They lie over the messages, and are gone with the next key.
    expect(await barriers(page, undefined, { include: ['.composer'] })).toEqual([]);
    await page.getByRole('textbox', { name: /Message #releases/ }).fill('');
  });

  it('moves nothing for those who asked for rest, and shows where the keys are', async () => {
    await follow(page, '/c/releases');
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
    const lines = Array.from({ length: 2000 }, (_, index) => `line ${index}`).join('\n');
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
      await follow(page, path);
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
    await follow(page, '/c/releases');
    const endless = page.getByRole('article', { name: /^Signalbox: <img/ });
    await endless.waitFor();
    expect((await endless.boundingBox())?.height).toBeLessThan(1200);
    await endless.getByRole('button', { name: 'Show all' }).click();
    await endless.getByRole('button', { name: 'Show less' }).waitFor();
  });

  it('has no barriers where people sign in, and leads back to where they wanted to be', async () => {
    const { web, close } = await openGuarded();
    await page.context().clearCookies();
    await page.goto(`${web.url()}/board`);
    await settled(page, '.sign-in .button');
    await unhindered(page);
    await page.getByRole('link', { name: /^Continue/ }).click();
    await page.locator('[name=login]').fill('grace');
    await page.locator('[name=password]').fill('any');
    await page.locator('[type=submit]').click();
    await page.locator('[type=submit]').click();
    await page.waitForURL(`${web.url()}/board`);
    await page.getByRole('button', { name: /Grace Hopper/ }).waitFor();
    await close();
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

/**
 * All rules by day in a wide window; by night on a phone what may differ there. Parts that were
 * looked at before can be left out.
 */
async function unhindered(page: Page, exclude: string[] = []): Promise<void> {
  expect(await barriers(page, undefined, { exclude })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(phone);
  await fits(page);
  await painted(page);
  expect(await barriers(page, elsewhere, { exclude })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(wide);
  await painted(page);
}
