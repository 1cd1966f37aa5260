import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Whether the browser is there. Without it: one loud line and a skip, or with `CI=true` a failure. */
export function requireBrowser(): boolean {
  if (existsSync(executablePath)) return true;
  const message = '*** chromium is not installed: the tests in a real browser do not run ***';
  if (process.env['CI'] === 'true') throw new Error(message);
  console.error(message);
  return false;
}

/**
 * What the browser does without. The last list counts alone: these are what playwright turns off
 * here, and the pop-ups of an address bar that nobody sees, which are pages with scripts themselves.
 */
const without = [
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup', 'AimEnabled'],
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'PaintHolding'],
  ...['HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'PreconnectToSearch', 'LensOverlay'],
  ...['MediaRouter', 'OptimizationHints', 'NetworkTimeServiceQuerying'],
  ...['ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect'],
];

export function openBrowser(): Promise<Browser> {
  // Nothing is drawn by a graphics card, and one process of pages is enough.
  const args = ['--no-sandbox', '--disable-gpu', '--renderer-process-limit=1'];
  args.push(`--disable-features=${without.join()}`);
  return chromium.launch({ executablePath, args });
}

declare global {
  /** Put into the page by `barriers`. */
  var checker: typeof axe;
  /** Layout shifts of the page, collected by a test. */
  var shifts: number[];
}

/** A browser of its own in which one person is signed in. */
export interface Visit {
  readonly page: Page;
  /** What the browser complained about: none of it is ever expected. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

interface VisitOptions extends BrowserContextOptions {
  /** Shorter than a test may take, so that a failure names what was waited for. */
  readonly patienceMs?: number;
}

/** Opens the console as a persona, at a path. */
export async function visit(
  browser: Browser,
  url: string,
  user: string,
  path = '/',
  { patienceMs = 15_000, ...options }: VisitOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const session = await context.request.get(`${url}/api/session`);
  const { csrf } = await session.json();
  await context.request.post(`${url}/api/session/persona`, {
    data: { user },
    headers: { origin: url, 'x-signalbox-csrf': csrf },
  });
  await page.goto(url + path);
  await page.locator('.page-head:visible').first().waitFor();
  return { page, complaints, close: () => context.close() };
}

/** Goes to a path of the page by a link, as people do: nothing but what it shows is loaded anew. */
export async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate(async (href) => {
    const link = Object.assign(document.createElement('a'), { href });
    document.body.append(link);
    link.click();
    link.remove();
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }, path);
}

/** Waits until a page shows what it is about, in its own type. */
export async function settled(page: Page, selector: string): Promise<void> {
  await page.locator(selector).first().waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** Selectors of what is looked at, and of what is left out of it. */
interface Part {
  readonly include?: string[];
  readonly exclude?: string[];
}

const all = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What is wrong for people who cannot see, point or read small print, by WCAG 2.2 AA: on the page, or
 * in a part of it while that covers others. One line each.
 */
export async function barriers(
  page: Page,
  rules: readonly string[] = all,
  { include = ['html'], exclude = [] }: Part = {},
): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'checker' in globalThis)))
    await page.evaluate(`${axe.source};globalThis.checker = axe;`);
  return page.evaluate(
    async ({ within, runOnly }) => {
      const { violations } = await globalThis.checker.run(within, {
        runOnly,
        // What passes is of no interest, and telling of it takes most of the time.
        resultTypes: ['violations'],
      });
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map(
          ({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`,
        ),
      );
    },
    { within: { include, exclude }, runOnly: [...rules] },
  );
}
