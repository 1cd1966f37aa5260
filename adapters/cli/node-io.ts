import { readFile } from 'node:fs/promises';
import type { CliIo } from './io.ts';

/** The client's world in a terminal: standard streams, the present folder, an interrupt. */
export function createNodeIo(colourless: boolean): CliIo {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  return {
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    terminal: process.stdout.isTTY === true && !colourless,
    columns: process.stdout.columns ?? 100,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    async readFile(path) {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        throw error;
      }
    },
    signal: stop.signal,
  };
}
