import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// The workers, and what they start, share what has been compiled.
process.env['NODE_COMPILE_CACHE'] ??= join(
  import.meta.dirname,
  'node_modules/.cache/signalbox/compiled',
);

/** No test runs long enough to win back what it costs to compile WebAssembly (a database) well. */
const execArgv = ['--liftoff-only'];

/** Node runs TypeScript itself, as it runs the product: nothing has to be transformed for it. */
const experimental = { viteModuleRunner: false, nodeLoader: false };

/**
 * Those that take longest begin first, so that none is left alone at the end. Where no run has told
 * how long they take, as on a fresh clone, size decides within a project; these are small files.
 */
const longest = [
  'test/crash/{embedded,servers}.test.ts',
  'test/processes/{newcomer,several}.test.ts',
  'test/e2e/discord.test.ts',
];
const long = [
  'test/e2e/*.test.ts',
  'test/crash/*.test.ts',
  'test/processes/*.test.ts',
  'test/adapters/console/page/*.test.ts',
  'test/adapters/kubernetes/{delivery-*,safety,strategies}.test.ts',
  'test/adapters/prometheus/metrics-source.test.ts',
  'test/adapters/sandbox/{life,delivery-target}.test.ts',
  'test/adapters/bullmq/*.test.ts',
  'test/adapters/slack/boot.test.ts',
];
/** Nothing but functions and memory. */
const light = ['test/{core,app,commands,invariants}/**/*.test.ts'];
const every = ['test/**/*.test.ts'];

/** Much of the time is spent waiting for servers: four workers keep two cores busy. */
const limits = { testTimeout: 20_000, hookTimeout: 60_000, maxWorkers: 4, execArgv, experimental };

// Projects run in the order of their names. Files of most share a process, and load the product once.
export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    ...limits,
    projects: [
      { test: { ...limits, name: 'a: longest', include: longest } },
      { test: { ...limits, name: 'b: long', include: long, exclude: longest, isolate: false } },
      {
        test: {
          ...limits,
          name: 'c: servers',
          include: every,
          exclude: [...long, ...light],
          isolate: false,
        },
      },
      { test: { ...limits, name: 'd: light', include: light, isolate: false } },
    ],
  },
});
