import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface FileWatch {
  close(): void;
}

interface WatchOptions {
  /** How often to look even when the system reports nothing (mounted volumes often do not). */
  readonly pollMs: number;
  /** How long a file must be quiet before it is read, twice: editors write in several goes. */
  readonly quietMs: number;
}

/**
 * Tells the text of a file whenever it has become another one. Watches the folder, because editors
 * and mounted configurations replace the file rather than write into it.
 * `onText` gets null when the file cannot be read.
 */
export function watchFile(
  path: string,
  known: string,
  options: WatchOptions,
  onText: (text: string | null) => void,
): FileWatch {
  let last: string | null = known;
  let seen: string | null = known;
  let closed = false;
  let quiet: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const text = await readFile(path, 'utf8').catch(() => null);
    if (closed) return;
    const twice = text === seen;
    seen = text;
    // Who reads while another writes gets half of it, or nothing: only what was read twice counts.
    if (text !== last && !twice) lookSoon();
    if (text === last || !twice) return;
    last = text;
    onText(text);
  }

  function lookSoon(): void {
    clearTimeout(quiet);
    quiet = setTimeout(look, options.quietMs);
    quiet.unref();
  }

  const poll = setInterval(lookSoon, options.pollMs);
  poll.unref();
  const watcher = watchFolder(dirname(path), lookSoon);
  return {
    close() {
      closed = true;
      clearInterval(poll);
      clearTimeout(quiet);
      watcher?.close();
    },
  };
}

/** Null where the system cannot watch: the poll does it then. */
function watchFolder(folder: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
