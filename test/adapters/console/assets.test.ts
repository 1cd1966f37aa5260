import { expect, it } from 'vitest';
import { loadAssets } from '#adapters/console/assets.ts';

it('serves every module that the page imports, and nothing of the server', async () => {
  const { files, modules } = await loadAssets();
  const lost: string[] = [];
  for (const path of modules) {
    const text = Buffer.from(files.get(path)?.raw ?? []).toString();
    expect(text).not.toBe('');
    for (const [, name = ''] of text.matchAll(/^(?:import|export)\b.*?from\s?"([^"]+)"/gm)) {
      if (!modules.includes(name.replace('./', ''))) lost.push(`${path} imports ${name}`);
    }
  }
  expect(lost).toEqual([]);
});

it('sends little: script, styles and type together', async () => {
  const { files } = await loadAssets();
  const sizes = [...files.values()].map(({ raw, brotli }) => (brotli ?? raw).length);
  // The rest of 160 kB is for the document, headers, and what there is to show.
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(130_000);
  expect(sizes.length).toBeLessThan(16);
});
