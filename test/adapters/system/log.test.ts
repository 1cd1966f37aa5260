import { expect, it } from 'vitest';
import { createLog } from '#adapters/system/log.ts';

function capture(level: 'debug' | 'warn') {
  const lines: unknown[] = [];
  const write = (line: string) => {
    lines.push(JSON.parse(line));
  };
  return { log: createLog({ level, destination: { write } }), lines };
}

it('writes a line of JSON with redacted fields', () => {
  const { log, lines } = capture('debug');
  log.info('A release began', { rollout: 'shop-1', token: 'abc', level: 'high' });
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      message: 'A release began',
      fields: { rollout: 'shop-1', token: '[redacted]', level: 'high' },
    },
  ]);
});

it('leaves out what is below its level', () => {
  const { log, lines } = capture('warn');
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  expect(lines).toMatchObject([{ message: 'c' }, { message: 'd' }]);
});
