import { readFile } from 'node:fs/promises';
import type { CliIo } from './io.ts';

/**
 * The client's world in a terminal: standard streams, the present folder, an interrupt. A dumb
 * terminal is one that cannot be drawn over.
 */
export function createNodeIo(dumb: boolean): CliIo {
  let stop: AbortController | null = null;
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    terminal: process.stdout.isTTY === true && !dumb,
    get columns() {
      return process.stdout.columns || 100;
    },
    get rows() {
      return process.stdout.rows || 24;
    },
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    async readFile(path) {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
    },
    // Only who asks for it is told: everything else an interrupt ends at once.
    get signal() {
      if (stop === null) {
        const asked = new AbortController();
        process.once('SIGINT', () => asked.abort());
        stop = asked;
      }
      return stop.signal;
    },
  };
}
