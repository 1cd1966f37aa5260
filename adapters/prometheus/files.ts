import { readFile, stat } from 'node:fs/promises';
import { Fault } from '#core/fault.ts';

/** Reads small files that may be replaced while we run: tokens, certificates. */
export interface Files {
  /**
   * The content as it is now; read again only when the file changed.
   * @throws Fault `metrics.unavailable` when it cannot be read
   */
  read(path: string): Promise<string>;
}

/** Files, each read again when its time or size changes. */
export function createFiles(): Files {
  const known = new Map<string, { readonly stamp: string; readonly text: string }>();
  return {
    async read(path) {
      try {
        const { mtimeMs, size, ino } = await stat(path);
        const stamp = `${mtimeMs} ${size} ${ino}`;
        const before = known.get(path);
        if (before?.stamp === stamp) return before.text;
        const text = await readFile(path, 'utf8');
        known.set(path, { stamp, text });
        return text;
      } catch (cause) {
        throw new Fault('metrics.unavailable', `${path} cannot be read`, {
          retryable: true,
          cause,
        });
      }
    },
  };
}
