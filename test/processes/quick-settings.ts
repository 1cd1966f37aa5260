import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Change = readonly [from: string, to: string];

/** The demo's settings with short times: a release takes some seconds instead of a minute. */
export function quickDemo(changes: readonly Change[] = []): string {
  const demo = readFileSync(join(import.meta.dirname, '../../examples/demo.yaml'), 'utf8');
  const quick: readonly Change[] = [
    ['        - { weight: 10, for: 20s }\n', ''],
    ['        - { weight: 25, for: 25s }\n', ''],
    ['{ weight: 50, for: 25s }', '{ weight: 50, for: 5s }'],
    ['keep: 5s', 'keep: 1s'],
    ['rollbackCountdown: 10s', 'rollbackCountdown: 2s'],
    ['minimum: { points: 5, requests: 60 }', 'minimum: { points: 3, requests: 60 }'],
    // Nobody looks at what does not roll out.
    [
      'restingRequestsPerSecond: 10 }',
      'restingRequestsPerSecond: 4, timing: { probeMs: 100, drainMs: 200, settleMs: 1500 } }',
    ],
  ];
  return [...quick, ...changes].reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The demo no longer says ${from}`);
    return text.replace(from, to);
  }, demo);
}

/**
 * The same, watched through a Prometheus that a test plays, so that a metrics source can be out of
 * reach and nothing hangs on real traffic, of which there is little, and seldom measured.
 */
export function watchedDemo(prometheus: string): string {
  const analyses = /analyses:\n[\s\S]*?\ntargets:/.exec(quickDemo())?.[0] ?? '';
  const metric = `{ name: load, type: gauge, query: { value: 'load{version="{{version}}"}' } }`;
  const options = `{ url: "${prometheus}", settle: 0s, timeout: 2s }`;
  return quickDemo([
    ['{ weight: 50, for: 5s }', '{ weight: 50, for: 3s }'],
    ['    strategy: at-once\n', '    strategy: at-once\n    deadline: 5s\n'],
    // Too few to measure the split with: it is believed after a while.
    ['requestsPerSecond: 80', 'requestsPerSecond: 8'],
    [
      analyses,
      `analyses:\n  web:\n    source: probe\n    every: 1s\n    patience: 2\n    minimum: { points: 1 }\n    metrics: [${metric}]\n\ntargets:`,
    ],
    [
      'metrics:\n  sandbox:\n',
      `metrics:\n  probe: { adapter: prometheus, options: ${options} }\n  sandbox:\n    options: { scrapeMs: 5000 }\n`,
    ],
  ]);
}
