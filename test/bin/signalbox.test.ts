import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const source = join(import.meta.dirname, '../../bin/signalbox.js');
const place = `${process.platform}-${process.arch}`;
/** Makes this Node.js say that it is an old one. */
const pretend =
  'data:text/javascript,Object.defineProperty(process.versions, "node", { value: "20.20.2" })';

/** A project with the launcher and a `main.ts` that shows how it was started. */
function project(packages: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-launcher-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'src'));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module' }));
  copyFileSync(source, join(root, 'bin', 'signalbox.js'));
  const shown = '{ args: process.argv.slice(2), parent: process.ppid, main: import.meta.main }';
  const body = `const shown: object = ${shown};\nconsole.log(JSON.stringify(shown));\n`;
  writeFileSync(join(root, 'src', 'main.ts'), `${body}process.exitCode = 7;\n`);
  for (const [name, script] of Object.entries(packages)) {
    const folder = join(root, 'node_modules', name);
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name }));
    writeFileSync(join(folder, 'bin', 'node'), script, { mode: 0o755 });
  }
  return join(root, 'bin', 'signalbox.js');
}

function start(launcher: string, options: readonly string[] = []) {
  const args = [...options, launcher, 'audit', 'verify'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stderr, shown: stdout === '' ? null : JSON.parse(stdout) };
}

describe('the launcher', () => {
  it('turns into Signalbox where Node.js is new enough', () => {
    const { status, shown } = start(project());
    expect(status).toBe(7);
    expect(shown).toEqual({ args: ['audit', 'verify'], parent: process.pid, main: true });
  });

  it.each([`node-${place}`, `node-bin-${place}`, 'node'])(
    'uses the Node.js of the package %s where the own one is too old',
    (name) => {
      const launcher = project({ [name]: `#!/bin/sh\nexec "${process.execPath}" "$@"\n` });
      const { status, shown } = start(launcher, ['--import', pretend]);
      expect(status).toBe(7);
      expect(shown).toMatchObject({ args: ['audit', 'verify'], main: true });
    },
  );

  it('says what to do where there is none', () => {
    const { status, stderr, shown } = start(project(), ['--import', pretend]);
    expect(status).toBe(1);
    expect(shown).toBeNull();
    expect(stderr).toContain('needs Node.js 26 or newer, and this is 20.20.2');
    expect(stderr).toContain('npm ci');
  });

  it('says so where the program that it found does not run', () => {
    const launcher = project({ node: '#!/no/such/interpreter\n' });
    const { status, stderr } = start(launcher, ['--import', pretend]);
    expect(status).not.toBe(0);
    expect(stderr).toContain('could not be started');
  });
});

it('ends quietly when whoever reads has read enough', async () => {
  const child = spawn(process.execPath, [source, 'help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (part: Buffer) => {
    said += part.toString();
  });
  expect([await once(child, 'close'), said]).toEqual([[0, null], '']);
});
