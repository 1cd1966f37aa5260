import { expect, it } from 'vitest';
import { loadAssets } from '#adapters/console/assets.ts';

it('serves every module that the page imports, and nothing of the server', async () => {
  const { files, importMap } = await loadAssets();
  const { imports } = JSON.parse(importMap);
  const lost: string[] = [];
  for (const [path, { raw }] of files) {
    if (!path.endsWith('.ts')) continue;
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    for (const [, name = ''] of Buffer.from(raw)
      .toString()
      .matchAll(/from '([^']+)'/g)) {
      const file = name
        .replace(/^#core\//, 'core/')
        .replace(/^#adapters\/console\/page\//, 'page/')
        .replace(/^\.\//, folder);
      if (!files.has(file) && imports[name] === undefined) lost.push(`${path} imports ${name}`);
    }
  }
  expect(lost).toEqual([]);
});
