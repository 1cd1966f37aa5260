import { createConsolePlatform } from '#adapters/console/platform.ts';
import { createRoster } from '#adapters/console/roster.ts';
import { createMemoryStore } from '#adapters/memory/store.ts';
import type { ConsoleMessage } from '#ports/console-store.ts';
import type { Store } from '#ports/store.ts';
import { type ChatBench, chatContract, type SeenMessage } from '../../contracts/chat.ts';
import { townSettings } from './town/town-settings.ts';

const lacks = { faults: 'the console is a page over our own database' };

chatContract('console', create, lacks);

async function create(): Promise<ChatBench> {
  const { store } = createMemoryStore({ clock: { now: () => 1000 } });
  const removed = new Set<number>();
  let writes = 0;
  let asked = 0;
  const place = { platform: 'console', tenant: 'console', thread: null };
  const chat = createConsolePlatform({
    roster: createRoster(() => townSettings),
    store: without(store, removed),
    poke: () => {
      writes += 1;
    },
  });

  async function read(channel: string, thread: number | null): Promise<readonly ConsoleMessage[]> {
    const found = await store.transact((tx) => tx.consoleMessages({ channel, thread, limit: 50 }));
    return found.toReversed();
  }

  return {
    chat,
    channel: { ...place, channel: 'releases' },
    otherChannel: { ...place, channel: 'incidents' },
    forbiddenChannel: { ...place, channel: 'nowhere' },
    person: { tenant: 'console', user: 'ada' },
    seen: async ({ channel, thread }) =>
      (await read(channel, thread === null ? null : Number(thread)))
        .filter(({ onlyFor }) => onlyFor === null)
        .map(seen),
    seenAlone: async () =>
      [...(await read('dm:ada', null)), ...(await read('releases', null))]
        .filter(({ onlyFor }) => onlyFor === 'ada')
        .map(seen),
    async interaction() {
      asked += 1;
      return { channel: 'releases', thread: null, user: 'ada', deliveryId: `d${asked}` };
    },
    inject: async () => false,
    remove: async ({ message }) => {
      removed.add(Number(message));
    },
    writes: () => writes,
    close: () => store.close(),
  };
}

/** The store as it would be if somebody had deleted messages. */
function without(store: Store, removed: ReadonlySet<number>): Store {
  return {
    ...store,
    transact: (run) =>
      store.transact((tx) =>
        run({
          ...tx,
          editConsole: async (id, view) => (removed.has(id) ? null : tx.editConsole(id, view)),
        }),
      ),
  };
}

function seen({ id, view }: ConsoleMessage): SeenMessage {
  return {
    message: String(id),
    text: strings(view).join('\n'),
    buttons: view.blocks.flatMap((block) =>
      block.kind === 'buttons' ? block.buttons.map(({ label, token }) => ({ label, token })) : [],
    ),
    pings: [],
  };
}

/** All the words of a view: the page shows each as plain text, as the browser tests see. */
function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(strings);
}
