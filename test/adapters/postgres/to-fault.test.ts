import { expect, it } from 'vitest';
import { toFault } from '#adapters/postgres/to-fault.ts';

const coded = (code: string): Error => Object.assign(new Error(code), { code });

it.each([
  ['a connection that broke while it was written to', coded('EPIPE'), 'store.unavailable'],
  ['a connection that was reset', coded('ECONNRESET'), 'store.unavailable'],
  ['a socket that was closed under it', coded('EBADF'), 'store.unavailable'],
  ['a server that is told to stop', coded('57P01'), 'store.unavailable'],
  ['a race that was lost', coded('40001'), 'store.conflict'],
  ['a claim that is older', coded('SB002'), 'store.fenced'],
])('takes %s for what it is', (_what, error, code) => {
  expect(toFault(error)).toMatchObject({ code, cause: error });
});

it('gives a mistake of ours back as it is', () => {
  const mistake = coded('42601');
  expect(toFault(mistake)).toBe(mistake);
});
