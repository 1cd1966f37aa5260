#!/usr/bin/env node
// Starts Signalbox with a Node.js that can run it: this one when it is new enough, or else the one
// that came with the dependencies. Written so that older versions understand it and say why not.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldest = 26;
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const args = [main, ...process.argv.slice(2)];

if (Number(process.versions.node.split('.')[0]) >= oldest) become(process.execPath);
else {
  const found = bundledNode();
  if (found === null) complain();
  else run(found);
}

/** The program of the platform's package, or of the package `node`; null when there is none. */
function bundledNode() {
  const require = createRequire(import.meta.url);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const place = `${platform}-${process.arch}`;
  for (const name of [`node-${place}`, `node-bin-${place}`, 'node']) {
    try {
      const file = join(dirname(require.resolve(`${name}/package.json`)), 'bin', program);
      if (existsSync(file)) return file;
    } catch {
      // Not installed: the next one may be.
    }
  }
  return null;
}

/** Replaces this process, so that signals and the exit code are its own. Windows cannot. */
function become(node) {
  if (process.platform === 'win32') run(node);
  else process.execve(node, [node, ...process.execArgv, ...args]);
}

function run(node) {
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    process.stderr.write(`Signalbox could not be started with ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? 128 + (signal === 'SIGKILL' ? 9 : 15) : code;
  });
}

function complain() {
  process.stderr.write(
    `Signalbox needs Node.js ${oldest} or newer, and this is ${process.versions.node}.\n` +
      'Run "npm ci" without leaving out optional dependencies: it brings one along.\n' +
      'Or install a newer one from https://nodejs.org.\n',
  );
  process.exitCode = 1;
}
