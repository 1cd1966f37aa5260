import { describe, expect, it } from 'vitest';
import * as commands from '#commands/index.ts';
import { gates } from '#core/gates/index.ts';
import { strategies } from '#core/strategies/index.ts';
import { foldersIn, modulesIn, neighboursIn, sourceFiles } from './tree.ts';

/** Modules beside the entries that serve several of them. */
const shared: Readonly<Record<string, readonly string[]>> = {
  'src/core/strategies': ['stage'],
};

describe.each(['src/core/gates', 'src/core/strategies', 'commands'])('%s', (folder) => {
  it('has one line in its index for every file, and no other', () => {
    const entries = modulesIn(folder).filter((name) => !shared[folder]?.includes(name));
    expect(neighboursIn(`${folder}/index.ts`)).toEqual(entries);
  });
});

describe.each([
  ['src/core/gates', gates.map(({ name }) => name)],
  ['src/core/strategies', strategies.map(({ name }) => name)],
  ['commands', Object.values(commands).map(({ name }) => name)],
])('the names in %s', (folder, names) => {
  it('are the names of the files', () => {
    const entries = modulesIn(folder).filter((name) => !shared[folder]?.includes(name));
    expect([...names].sort()).toEqual(entries);
  });

  it('are given once', () => {
    expect(new Set(names).size).toBe(names.length);
  });
});

/** Not chosen: what plays every port in tests, and what chat platforms to come will draw with. */
const unchosen = ['memory', 'charts'];

it('every adapter is chosen by the composition root', () => {
  const composed = sourceFiles('src').filter(({ path }) => /^src\/(?:boot\/|[^/]+$)/.test(path));
  const chosen = composed.flatMap(({ text }) =>
    [...text.matchAll(/'#adapters\/([\w-]+)\//g)].map(([, name]) => name ?? ''),
  );
  expect([...new Set([...chosen, ...unchosen])].sort()).toEqual(foldersIn('adapters'));
});
