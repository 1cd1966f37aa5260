import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { expect, it } from 'vitest';
import { troubleIn } from '#boot/trouble.ts';
import { Fault } from '#core/fault.ts';

it.each<[string, () => unknown, string | null]>([
  [
    'what is out of reach',
    () => {
      throw new Fault('store.unavailable', 'The database is away', { retryable: true });
    },
    'The database is away. (store.unavailable)',
  ],
  ['an unknown option', () => parseArgs({ args: ['--nope'] }), "Unknown option '--nope'."],
  ['a file that is not there', () => readFile('/none'), 'There is no such file: /none'],
  ['a folder for a file', () => readFile('/tmp'), 'It cannot be read (EISDIR): /tmp'],
  [
    'a bug, which keeps its stack',
    () => {
      throw new TypeError('undefined is not a function');
    },
    null,
  ],
])('says in one line %s', async (_, act, said) => {
  let caught: unknown = null;
  try {
    await act();
  } catch (error) {
    caught = error;
  }
  expect(caught).not.toBeNull();
  expect(troubleIn(caught)).toBe(said);
});
