import type { Page } from 'playwright-core';

/**
 * Loads a page with nothing cached. Returns the bytes on the wire, heads of answers included, of all
 * that was asked for until what the page is about is there and nothing more is under way. The stream
 * of news is left out: it never ends.
 */
export async function firstLoad(page: Page, url: string, mark: string): Promise<number> {
  // What the page before it asked for would be counted, and may never end.
  await page.goto('about:blank');
  const network = await page.context().newCDPSession(page);
  const open = new Set<string>();
  let bytes = 0;
  let quiet: () => void = () => undefined;
  network.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (!new URL(request.url).pathname.startsWith('/api/stream')) open.add(requestId);
  });
  function ended(requestId: string): void {
    open.delete(requestId);
    if (open.size === 0) quiet();
  }
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytes += encodedDataLength;
    ended(requestId);
  });
  network.on('Network.loadingFailed', ({ requestId }) => ended(requestId));
  await network.send('Network.enable');
  await network.send('Network.setCacheDisabled', { cacheDisabled: true });
  await page.goto(url);
  await page.locator(mark).first().waitFor();
  // What is shown asks for more at once, or not at all.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  if (open.size > 0) await new Promise<void>((resolve) => (quiet = resolve));
  await network.send('Network.setCacheDisabled', { cacheDisabled: false });
  await network.detach();
  return bytes;
}
