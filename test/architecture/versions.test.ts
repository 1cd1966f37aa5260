import { expect, it } from 'vitest';
import { z } from 'zod';
import { readProjectFile } from './tree.ts';

const Versions = z.record(z.string(), z.string());
const manifest = z
  .object({ dependencies: Versions, devDependencies: Versions, optionalDependencies: Versions })
  .parse(JSON.parse(readProjectFile('package.json')));

it('pins every dependency', () => {
  const loose = Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  }).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version));
  expect(loose).toEqual([]);
});

it('says of every dependency why it is in, and of no other', () => {
  const page = readProjectFile('docs/decisions/0008-dependencies.md');
  const told = [...page.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  expect(told).toEqual([
    ...Object.keys(manifest.dependencies).sort(),
    ...Object.keys(manifest.devDependencies).sort(),
    ...Object.keys(manifest.optionalDependencies).sort(),
  ]);
});

it('names one version of the runtime', () => {
  const versions = new Set(Object.values(manifest.optionalDependencies));
  expect([...versions]).toEqual([readProjectFile('.node-version').trim()]);
});

it('pins every action of the workflows', () => {
  const workflow = readProjectFile('.github/workflows/ci.yml');
  const used = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action ?? '');
  expect(used).not.toEqual([]);
  expect(used.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  expect(workflow).toContain('permissions:\n  contents: read\n');
});

it('decides in numbered pages, without gaps, each in its index', () => {
  const index = readProjectFile('docs/decisions/README.md');
  const pages = [...index.matchAll(/\]\((\d{4})-[\w-]+\.md\)/g)].map(([, number]) =>
    Number(number),
  );
  expect(pages).toEqual(pages.map((_, position) => position + 1));
  expect(pages.length).toBeGreaterThan(0);
  for (const [, file] of index.matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g)) {
    expect(readProjectFile(`docs/decisions/${file}`)).toMatch(/^# \d{4} /);
  }
});
