import { expect, it } from 'vitest';
import { faultCodes } from '#core/fault.ts';
import { refusalCodes } from '#core/refusal.ts';
import { readProjectFile, sourceFiles } from './tree.ts';

const text = readProjectFile('docs/codes.md');
const [refusals = '', faults = ''] = text.split('\n## Faults\n');

it.each([
  ['refusals', refusals, refusalCodes],
  ['faults', faults, faultCodes],
])(
  'docs/codes.md has a heading for each of the %s, in the order of the source',
  (_, part, codes) => {
    const headings = [...part.matchAll(/^### `(.+)`$/gm)].map(([, code]) => code);
    expect(headings).toEqual(Object.keys(codes));
  },
);

it.each(Object.entries({ ...refusalCodes, ...faultCodes }))('%s is explained', (code, line) => {
  const [, after = ''] = text.split(`### \`${code}\`\n`);
  const paragraph = after.split('\n### ')[0]?.replaceAll(/\s+/g, ' ').trim() ?? '';
  expect(paragraph.startsWith(line)).toBe(true);
  // What it is, and what to do about it.
  expect(paragraph.length).toBeGreaterThan(line.length + 10);
});

it('no code is thrown as a fault and returned as a refusal', () => {
  expect(Object.keys(refusalCodes).filter((code) => Object.hasOwn(faultCodes, code))).toEqual([]);
});

const sources = sourceFiles('src', 'commands', 'adapters')
  .filter(({ path }) => !/core\/(refusal|fault)\.ts$/.test(path))
  .map(({ text: source }) => source)
  .join('\n');

it.each(Object.keys({ ...refusalCodes, ...faultCodes }))('%s is given somewhere', (code) => {
  expect(sources.includes(`'${code}'`)).toBe(true);
});
