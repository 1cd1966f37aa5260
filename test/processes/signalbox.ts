import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** With `--liftoff-only`: none runs long enough to win back what compiling WebAssembly well costs. */
const launcher = join(import.meta.dirname, '../../bin/signalbox.js');
/** Dozens of processes are started: they share what they have compiled. */
const compiled = join(import.meta.dirname, '../../node_modules/.cache/signalbox/compiled');

/** What a command said and how it ended. */
export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder in which Signalbox is run, with the environment that all its processes share. */
export interface Place {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A running process of Signalbox. */
export interface Process {
  readonly child: ChildProcess;
  /** What it told the terminal and the log. */
  log(): string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

function launch({ folder, env }: Place, words: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--liftoff-only', launcher, ...words], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      NO_COLOR: '1',
      NODE_COMPILE_CACHE: compiled,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs one command to its end. */
export async function run(place: Place, ...words: readonly string[]): Promise<Said> {
  const child = launch(place, words);
  let out = '';
  let err = '';
  child.stdout?.on('data', (part: Buffer) => {
    out += part.toString();
  });
  child.stderr?.on('data', (part: Buffer) => {
    err += part.toString();
  });
  const [code] = await once(child, 'close');
  return { code: typeof code === 'number' ? code : null, out, err };
}

/** Starts a process that stays; ready when it says where it is, or at once without `ready`. */
export async function start(
  place: Place,
  words: readonly string[],
  ready = /Signalbox is at /,
): Promise<Process> {
  const child = launch(place, words);
  const file = join(place.folder, `log-${child.pid}.txt`);
  appendFileSync(file, '');
  const log = (): string => readFileSync(file, 'utf8');
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part: Buffer) => appendFileSync(file, part));
  }
  await until(`${words.join(' ')} to be ready`, () => {
    if (child.exitCode !== null) throw new Error(`It ended: ${log()}`);
    return ready.test(log());
  });
  return {
    child,
    log,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await gone;
    },
  };
}

/**
 * Waits until something holds; each look costs a server what a command does, so that they become
 * rarer. Gives up after a minute.
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 60_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  for (let pauseMs = 150; !(await holds()); pauseMs = Math.min(600, pauseMs * 1.3)) {
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
