import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Where the owner of a sandbox directory answers, and the secret that admits to it. */
const Lease = z.strictObject({
  generation: z.number().int().positive(),
  pid: z.number().int(),
  port: z.number().int(),
  token: z.string(),
});
export type Lease = z.infer<typeof Lease>;

/**
 * Who owns a directory: the host that made the file with the highest number. A number is taken once
 * and never again, so of several that want to follow a dead owner exactly one does, and an owner
 * that was only asleep finds that it has been followed.
 */
export interface Leases {
  /** The newest lease; null when there has been none. */
  newest(): Promise<Lease | null>;
  /** False when another one has that number. */
  claim(lease: Lease): Promise<boolean>;
}

const attempts = 20;
const pattern = /^host-(\d{1,12})\.json$/;

/** The leases in a directory, which is made when it is not there. */
export function createLeases(directory: string): Leases {
  function pathOf(generation: number): string {
    return join(directory, `host-${generation}.json`);
  }

  async function generations(): Promise<readonly number[]> {
    const names = await readdir(directory).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    });
    return names
      .flatMap((name) => pattern.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => b - a);
  }

  return {
    async newest() {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const [generation] = await generations();
        if (generation === undefined) return null;
        const lease = await readLease(pathOf(generation));
        if (lease !== null) return lease;
      }
      throw new Error(`the leases in ${directory} change too fast to be read`);
    },
    async claim(lease) {
      await mkdir(directory, { recursive: true });
      const draft = `${pathOf(lease.generation)}.${lease.pid}.draft`;
      // Only this user may read the token. A link is made whole or not at all, and never twice.
      await writeFile(draft, JSON.stringify(lease), { mode: 0o600 });
      try {
        await link(draft, pathOf(lease.generation));
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return false;
        throw error;
      } finally {
        await rm(draft, { force: true });
      }
      const [newest, ...older] = await generations();
      if (newest !== lease.generation) {
        await rm(pathOf(lease.generation), { force: true });
        return false;
      }
      for (const generation of older) await rm(pathOf(generation), { force: true });
      return true;
    },
  };
}

/** Null when a newer owner removed it just now. */
async function readLease(path: string): Promise<Lease | null> {
  try {
    return Lease.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
