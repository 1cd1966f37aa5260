import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The demo's settings with short times: a release takes some seconds instead of a minute. */
export function quickDemo(): string {
  const demo = readFileSync(join(import.meta.dirname, '../../examples/demo.yaml'), 'utf8');
  const quick: readonly (readonly [string, string])[] = [
    ['{ weight: 20, for: 20s }', '{ weight: 20, for: 5s }'],
    ['{ weight: 50, for: 20s }', '{ weight: 50, for: 5s }'],
    ['keep: 5s', 'keep: 1s'],
    ['rollbackCountdown: 10s', 'rollbackCountdown: 2s'],
    ['every: 2s', 'every: 1s'],
    ['minimum: { points: 5, requests: 60 }', 'minimum: { points: 3, requests: 60 }'],
    [
      'requestsPerSecond: 80, restingRequestsPerSecond: 10 }',
      'requestsPerSecond: 80, restingRequestsPerSecond: 10, timing: { probeMs: 50, drainMs: 200, settleMs: 1500 } }',
    ],
  ];
  return quick.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The demo no longer says ${from}`);
    return text.replace(from, to);
  }, demo);
}
