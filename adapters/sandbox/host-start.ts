import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from '#ports/log.ts';

/** How a host is started. */
export interface HostStart {
  readonly directory: string;
  readonly cacheDirectory: string;
  readonly lingerMs: number;
  readonly log: Log;
}

/** Starts hosts, one per generation that is missing. */
export interface HostStarter {
  /** Sees to it that a host for this generation is on its way; false when that is hopeless. */
  see(generation: number): Promise<boolean>;
  readonly logPath: string;
}

const entry = fileURLToPath(new URL('./host-main.ts', import.meta.url));
const startLimit = 3;
const logLimit = 1_000_000;

/** What a host writes to standard error goes to a file beside its state. */
export function createHostStarter(options: HostStart): HostStarter {
  const { directory, cacheDirectory, lingerMs, log } = options;
  const logPath = join(directory, 'host.log');
  let newest: { readonly generation: number; readonly child: ChildProcess } | null = null;
  let starts = 0;

  async function start(generation: number): Promise<ChildProcess> {
    const file = await open(logPath, 'a');
    if ((await file.stat()).size > logLimit) await file.truncate();
    const args = [entry, directory, cacheDirectory, String(generation), String(lingerMs)];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', file.fd],
      env: { NODE_COMPILE_CACHE: cacheDirectory },
    });
    child.once('error', (error) => log.error('sandbox host could not be started', { error }));
    child.unref();
    await file.close();
    log.info('sandbox host started', { pid: child.pid, generation });
    return child;
  }

  return {
    logPath,
    async see(generation) {
      if (newest !== null && newest.generation >= generation && isAlive(newest.child)) return true;
      if (starts === startLimit) return false;
      starts += 1;
      newest = { generation, child: await start(generation) };
      return true;
    },
  };
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
