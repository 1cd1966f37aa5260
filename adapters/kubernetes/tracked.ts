import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { Transport } from './transport.ts';

/** What a watch tells: enough to know where to look again. */
export interface Change {
  readonly type: 'added' | 'changed' | 'removed';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

// Only what is looked at: an object of some kilobytes leaves a name and a version behind.
export const Item = z.object({
  metadata: z.object({
    name: z.string(),
    resourceVersion: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
});

const Page = z.object({
  metadata: z.object({ resourceVersion: z.string(), continue: z.string().optional() }),
  items: z.array(Item).nullable(),
});

const pageSize = 500;

/** The objects of a collection as far as a watch must know them. */
export interface Tracked {
  take(type: Change['type'], item: z.infer<typeof Item>): void;
  /**
   * Reads all of it, page after page, tells what differs from what was known, and returns the
   * version at which a watch goes on.
   */
  list(
    transport: Transport,
    path: string,
    selector: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<string>;
  counts(): { readonly objects: number; readonly lists: number };
}

export function createTracked(onChange: (change: Change) => void): Tracked {
  const known = new Map<string, string>();
  let lists = 0;

  function take(type: Change['type'], { metadata }: z.infer<typeof Item>): void {
    const { name, resourceVersion, labels = {} } = metadata;
    if (type === 'removed') known.delete(name);
    else known.set(name, resourceVersion);
    onChange({ type, name, labels });
  }

  function compare(item: z.infer<typeof Item>): void {
    const { name, resourceVersion } = item.metadata;
    const before = known.get(name);
    if (before !== resourceVersion) take(before === undefined ? 'added' : 'changed', item);
  }

  return {
    take,
    async list(transport, path, selector, signal) {
      lists += 1;
      const gone = new Set(known.keys());
      let token = '';
      for (;;) {
        const page = await readPage(transport, path, { ...selector, ...after(token) });
        for (const item of page.items ?? []) {
          gone.delete(item.metadata.name);
          compare(item);
        }
        token = page.metadata.continue ?? '';
        if (token !== '' && !signal.aborted) continue;
        for (const name of gone) {
          known.delete(name);
          onChange({ type: 'removed', name, labels: {} });
        }
        return page.metadata.resourceVersion;
      }
    },
    counts: () => ({ objects: known.size, lists }),
  };
}

function after(token: string): Readonly<Record<string, string>> {
  return { limit: String(pageSize), ...(token === '' ? {} : { continue: token }) };
}

async function readPage(
  transport: Transport,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<z.infer<typeof Page>> {
  const answer = await transport.ask({ method: 'GET', path, query, what: `Listing ${path}` });
  if (answer === null) {
    throw new Fault('target.unavailable', `${path} is not served.`, { retryable: true });
  }
  return Page.parse(JSON.parse(answer));
}
