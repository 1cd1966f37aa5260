import { expect, it } from 'vitest';
import { readYaml } from '#adapters/settings-file/read-yaml.ts';

it('reads data, and knows the line of everything', () => {
  const file = readYaml('# a comment\na: 1\nb:\n  - x\n  - {c: yes,\n     d: 2}\n');
  expect(file.problems).toEqual([]);
  expect(file.value).toEqual({ a: 1, b: ['x', { c: 'yes', d: 2 }] });
  expect(file.lineOf(['a'])).toBe(2);
  expect(file.lineOf(['b'])).toBe(3);
  expect(file.lineOf(['b', 0])).toBe(4);
  expect(file.lineOf(['b', 1, 'd'])).toBe(6);
  expect(file.lineOf([])).toBe(1);
});

it.each([
  [['b', 1, 'missing'], 5],
  [['b', 7], 3],
  [['a', 'deeper', 'still'], 2],
  [['nothing'], 1],
] as const)('points at the nearest holder of %j', (path, line) => {
  const file = readYaml('# a comment\na: 1\nb:\n  - x\n  - {c: yes,\n     d: 2}\n');
  expect(file.lineOf(path)).toBe(line);
});

it('reads an empty file as no members', () => {
  expect(readYaml('# nothing yet\n').value).toEqual({});
});

it('resolves anchors', () => {
  expect(readYaml('a: &x {k: 1}\nb: *x\n').value).toEqual({ a: { k: 1 }, b: { k: 1 } });
});

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...[...'bcdefghi'].map(
    (name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`,
  ),
].join('\n');

it.each([
  ['a duplicate key', 'a: 1\nb: 2\na: 3\n', 3, 'unique'],
  ['a tag', 'a: 1\nb: !!js/function "x"\n', 2, 'tag'],
  ['two documents', 'a: 1\n---\nb: 2\n', 2, 'multiple documents'],
  ['broken text', 'a: [1,\nb: }\n', 2, ''],
  ['an anchor that is not there', 'a: 1\nb: *nowhere\n', 2, 'nowhere'],
  ['an alias that contains itself', 'a:\n  b: &x [*x]\n', 2, 'contains itself'],
  ['a bomb of aliases', bomb, 3, 'aliases'],
  ['depth', `a: ${'['.repeat(50_000)}`, 1, ''],
  ['size', `a: "${'x'.repeat(1_000_001)}"`, 1, 'at most'],
  ['a key that is no text', '? [1, 2]\n: 3\n', 1, ''],
])('refuses %s with its line', (_, text, line, part) => {
  const { problems, value } = readYaml(text);
  expect(problems[0]?.line).toBe(line);
  expect(problems[0]?.text).toContain(part);
  expect(value).toBeUndefined();
});

it('does not follow merge keys', () => {
  expect(readYaml('a: &x {k: 1}\nb: {<<: *x}\n').value).toEqual({
    a: { k: 1 },
    b: { '<<': { k: 1 } },
  });
});
