import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectFile, sourceFiles } from './tree.ts';

const imports = 'noRestrictedImports';
const globals = 'noRestrictedGlobals';
const properties = 'noJsRestrictedProperties';

/** One planted file each: where it stands, what it says, and the rule that must bite; null: none. */
const planted: readonly (readonly [string, string, string | null])[] = [
  ['src/core/good.ts', "import '#core/x.ts'; import './x.ts'; import 'zod';", null],
  ['src/core/to-port.ts', "import '#ports/store.ts';", imports],
  ['src/core/to-app.ts', "import '#app/world.ts';", imports],
  ['src/core/to-adapter.ts', "import '#adapters/memory/store.ts';", imports],
  ['src/core/to-command.ts', "import '#commands/deploy.ts';", imports],
  ['src/core/to-node.ts', "import 'node:fs';", imports],
  ['src/core/to-package.ts', "import 'pino';", imports],
  ['src/core/type-only.ts', "import type { Pool } from 'pg'; export type P = Pool;", imports],
  ['src/core/again.ts', "export * from '#ports/store.ts';", imports],
  ['src/core/late.ts', "export const late = () => import('pg');", imports],
  ['src/core/up.ts', "import '../ports/store.ts';", imports],
  ['src/core/up-and-down.ts', "import './../ports/store.ts';", imports],
  ['src/core/deep/up.ts', "import './x/../../../app/world.ts';", imports],
  ['src/core/time.ts', 'export const at = () => Date.now();', globals],
  ['src/core/new-time.ts', 'export const at = () => new Date();', globals],
  ['src/core/timer.ts', 'setTimeout(() => {}, 1);', globals],
  ['src/core/global.ts', 'export const at = () => globalThis;', globals],
  ['src/core/chance.ts', 'export const chance = () => Math.random();', properties],
  ['src/core/now.ts', 'export const at = () => Temporal.Now.instant();', properties],
  ['src/core/arithmetic.ts', 'export const most = Math.max(1, 2);', null],
  ['src/core/given.ts', 'export const at = Temporal.Instant.fromEpochMilliseconds(0);', null],

  ['src/ports/good.ts', "import '#core/x.ts'; import './x.ts';", null],
  ['src/ports/to-app.ts', "import '#app/world.ts';", imports],
  ['src/ports/to-zod.ts', "import 'zod';", imports],
  ['src/ports/to-adapter.ts', "import '#adapters/memory/store.ts';", imports],

  [
    'src/app/good.ts',
    "import '#core/x.ts'; import '#ports/x.ts'; import './x.ts'; import 'zod';",
    null,
  ],
  ['src/app/to-adapter.ts', "import '#adapters/memory/store.ts';", imports],
  ['src/app/to-command.ts', "import '#commands/deploy.ts';", imports],
  ['src/app/to-node.ts', "import 'node:crypto';", imports],
  ['src/app/to-boot.ts', "import '#boot/start.ts';", imports],
  ['src/app/to-config.ts', "import '#config.ts';", imports],
  ['src/app/to-main.ts', "import '../main.ts';", imports],

  ['commands/good.ts', "import '#core/x.ts'; import '#app/x.ts'; import 'zod';", null],
  ['commands/index.ts', "export { good } from './good.ts';", null],
  ['commands/to-command.ts', "import './good.ts';", imports],
  ['commands/to-port.ts', "import '#ports/store.ts';", imports],
  ['commands/to-adapter.ts', "import '#adapters/memory/store.ts';", imports],
  ['commands/to-package.ts', "import 'pg';", imports],

  ['adapters/postgres/good.ts', "import 'pg'; import 'node:fs/promises'; import './x.ts';", null],
  ['adapters/postgres/own.ts', "import '#adapters/postgres/x.ts'; import '#ports/x.ts';", null],
  ['adapters/postgres/to-adapter.ts', "import '#adapters/memory/store.ts';", imports],
  ['adapters/postgres/to-app.ts', "import '#app/world.ts';", imports],
  ['adapters/postgres/to-command.ts', "import '#commands/deploy.ts';", imports],
  ['adapters/postgres/foreign.ts', "import 'ioredis';", imports],
  ['adapters/postgres/to-config.ts', "import '#config.ts';", imports],
  ['adapters/postgres/to-boot.ts', "import '#boot/start.ts';", imports],
  ['adapters/postgres/beside.ts', "import '../memory/store.ts';", imports],
  ['adapters/bullmq/own.ts', "import 'bullmq'; import 'ioredis';", null],
  ['adapters/bullmq/foreign.ts', "import 'pg';", imports],
  ['adapters/newcomer/good.ts', "import 'node:fs'; import '#ports/x.ts'; import 'zod';", null],
  ['adapters/newcomer/undeclared.ts', "import 'discord.js';", imports],
  ['adapters/index.ts', "import './postgres/good.ts'; import '#core/x.ts';", null],

  ['src/config.ts', "import '#adapters/index.ts'; import 'node:fs'; import '#core/x.ts';", null],
  ['src/boot/start.ts', "import '#adapters/postgres/good.ts'; import '#app/x.ts';", null],
  ['src/main.ts', "import '#adapters/postgres/good.ts'; import '#commands/index.ts';", null],

  ['src/app/environment.ts', "export const home = process.env['HOME'];", 'noProcessEnv'],
  ['src/app/loud.ts', "console.log('hello');", 'noConsole'],
  ['src/app/default.ts', 'export default 1;', 'noDefaultExport'],
  ['src/app/enum.ts', 'export enum Colour { red }', 'noEnum'],
  ['src/app/any.ts', 'export const x = (y: any) => y;', 'noExplicitAny'],
  ['src/app/cast.ts', 'export const f = (x: unknown) => x as string;', 'noUnsafeTypeAssertion'],
  ['adapters/x/trust-boundary.ts', 'export const f = (x: unknown) => x as string;', null],
  ['src/app/sure.ts', 'export const f = (x?: string) => x!;', 'noNonNullAssertion'],
  ['src/app/require.ts', "export const x = require('zod');", 'noCommonJs'],
  ['src/app/long.ts', 'counted();\n'.repeat(301), 'noExcessiveLinesPerFile'],
  [
    'src/app/forgotten.ts',
    'async function act(): Promise<void> {}\nexport function f(): void {\n  act();\n}',
    'noFloatingPromises',
  ],
  [
    'src/app/switch.ts',
    "export function f(x: 'a' | 'b'): void {\n  switch (x) {\n    case 'a':\n      break;\n  }\n}",
    'useExhaustiveSwitchCases',
  ],
  ['src/app/circle-a.ts', "export { b as a } from '#app/circle-b.ts';", 'noImportCycles'],
  ['src/app/circle-b.ts', "export { a as b } from '#app/circle-a.ts';", 'noImportCycles'],
  ['test/skipped.test.ts', "it.skip('never', () => {});", 'noSkippedTests'],
];

const Report = z.object({
  diagnostics: z.array(
    z.object({
      code: z.object({ value: z.string() }),
      location: z.object({ path: z.string() }).optional(),
    }),
  ),
});

describe('the rules of biome.json', () => {
  let folder = '';
  const found = new Map<string, Set<string>>();

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'signalbox-rules-'));
    for (const file of ['biome.json', 'package.json', 'tsconfig.json']) {
      copyFileSync(projectFile(file), join(folder, file));
    }
    for (const [path, text] of planted) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `${text}\n`);
    }
    const biome = projectFile('node_modules/@biomejs/biome/bin/biome');
    const flags = ['--reporter=rdjson', '--max-diagnostics=none', '--vcs-enabled=false'];
    const run = spawnSync(process.execPath, [biome, 'lint', ...flags, '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const start = run.stdout.indexOf('{');
    const { diagnostics } = Report.parse(JSON.parse(run.stdout.slice(start)));
    for (const { code, location } of diagnostics) {
      if (location === undefined) continue;
      const path = relative(folder, join(folder, location.path));
      const rules = found.get(path) ?? new Set();
      found.set(path, rules.add(code.value.replace(/^.*\//, '')));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(planted.map(([path, , rule]) => [path, rule] as const))('%s: %s', (path, rule) => {
    const rules = [...(found.get(path) ?? [])];
    if (rule === null) expect(rules.filter((one) => one.startsWith('noRestricted'))).toEqual([]);
    else expect(rules).toContain(rule);
  });
});

describe('what the linter cannot see', () => {
  const files = sourceFiles('src', 'commands', 'adapters');

  it('finds the sources', () => {
    expect(files.length).toBeGreaterThan(100);
  });

  it('has no imports hidden in types', () => {
    const hidden = files.filter(({ text }) => /[:<|&=]\s*import\(/.test(text));
    expect(hidden.map(({ path }) => path)).toEqual([]);
  });

  it('has nothing called utils, helpers, common, lib or manager', () => {
    const vague = files.filter(({ path }) =>
      /(^|[/-])(utils?|helpers?|common|lib|managers?)([/.-]|$)/.test(path),
    );
    expect(vague.map(({ path }) => path)).toEqual([]);
  });

  it('leaves nothing to be done later', () => {
    const mark = new RegExp(['TO', 'DO|FIX', 'ME|XX', 'X'].join(''));
    expect(files.filter(({ text }) => mark.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('is imported by nobody: the composition root', () => {
    const users = files.filter(({ text }) => /from '[^']*\/main\.ts'/.test(text));
    expect(users.filter(({ path }) => path.startsWith('src/')).map(({ path }) => path)).toEqual([]);
  });
});
