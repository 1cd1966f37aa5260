import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Anchor } from '#ports/anchor.ts';

/**
 * An anchor in a file: the newest checkpoint, replaced whole and synced to disk. Worth as much as
 * the distance between this file and the database: put it on another volume.
 */
export function createFileAnchor(path: string): Anchor {
  return {
    name: `file ${path}`,
    async publish(checkpoint) {
      await mkdir(dirname(path), { recursive: true });
      const draft = `${path}.new`;
      const file = await open(draft, 'w', 0o644);
      try {
        await file.writeFile(checkpoint);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    },
    async newest() {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
    },
  };
}
