import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import { type Change, createTracked, Item } from './tracked.ts';
import type { Transport } from './transport.ts';

export type { Change } from './tracked.ts';

export interface WatchOptions {
  readonly transport: Transport;
  /** The collection, as `/apis/apps/v1/namespaces/shop/deployments`. */
  readonly path: string;
  readonly labelSelector?: string;
  readonly onChange: (change: Change) => void;
  /** From 0 to 1: spreads the tries after a failure. */
  readonly jitter: () => number;
}

/** A running watch. */
export interface Watch {
  /** Objects that are kept track of, and how often all were listed. */
  counts(): { readonly objects: number; readonly lists: number };
  close(): Promise<void>;
}

const firstPauseMs = 250;
const longestPauseMs = 30_000;

const Line = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object: Item }),
  z.object({
    type: z.literal('BOOKMARK'),
    object: z.object({ metadata: z.object({ resourceVersion: z.string() }) }),
  }),
  z.object({ type: z.literal('ERROR'), object: z.object({ code: z.number().default(0) }) }),
]);

/**
 * Follows a collection: lists it once, then takes every change from where it was, with bookmarks so
 * that a quiet time does not make it forget the place. A connection that ends is taken up again; a
 * place that is too old (410) is followed by one list, of which only the differences are told. It
 * gives up on nothing but `close`. What it keeps grows by a name and a version an object.
 */
export function startWatch(options: WatchOptions): Watch {
  const { transport, path } = options;
  const tracked = createTracked(options.onChange);
  const stopping = new AbortController();
  const { signal } = stopping;
  let version: string | null = null;

  const selector: Record<string, string> =
    options.labelSelector === undefined ? {} : { labelSelector: options.labelSelector };

  function read(text: string): void {
    const line = Line.parse(JSON.parse(text));
    if (line.type === 'ERROR') {
      if (line.object.code === 410) version = null;
      throw new Fault('target.unavailable', `The watch of ${path} has ended.`, later);
    }
    version = line.object.metadata.resourceVersion;
    if (line.type !== 'BOOKMARK') tracked.take(kinds[line.type], line.object);
  }

  async function follow(): Promise<void> {
    version ??= await tracked.list(transport, path, selector, signal);
    let heard = 0;
    const query = {
      ...selector,
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: version,
      timeoutSeconds: '240',
    };
    try {
      await transport.lines(
        { method: 'GET', path, query, what: `Watching ${path}` },
        (text) => {
          read(text);
          heard += 1;
        },
        signal,
      );
    } catch (error) {
      // 410 as the answer itself: the place is too old, so everything is listed once.
      if (error instanceof Fault && error.code === 'target.rejected') version = null;
      if (heard === 0) throw error;
    }
  }

  function pauseMs(failures: number): number {
    const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
    return longest * (0.5 + options.jitter() / 2);
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const begun = performance.now();
        await follow();
        failures = 0;
        // A server that closes at once is not asked in a circle.
        if (performance.now() - begun < firstPauseMs) await pause(pauseMs(1), signal);
      } catch (error) {
        if (!(error instanceof Fault) && !(error instanceof z.ZodError)) throw error;
        failures += 1;
        await pause(pauseMs(failures), signal);
      }
    }
  }

  const running = run();
  return {
    counts: tracked.counts,
    async close() {
      stopping.abort();
      await running;
    },
  };
}

/** Ends early when the watch does. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

const later = { retryable: true };
const kinds = { ADDED: 'added', MODIFIED: 'changed', DELETED: 'removed' } as const;
