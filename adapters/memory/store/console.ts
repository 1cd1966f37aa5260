import type { Instant } from '#core/ids.ts';
import type {
  ConsoleAccount,
  ConsoleMessage,
  ConsoleSignOut,
  ConsoleStore,
} from '#ports/console-store.ts';
import { createCell, createTable, type Journal } from './journal.ts';

/** The console's messages in memory. */
export function createMemoryConsole(journal: Journal, now: () => Instant): ConsoleStore {
  const messages = createTable<ConsoleMessage>(journal);
  const ids = createTable<number>(journal);
  const changes = createCell(journal, 0);
  const reads = createTable<{
    readonly user: string;
    readonly channel: string;
    readonly id: number;
  }>(journal);
  const accounts = createTable<ConsoleAccount>(journal);
  const signOuts = createTable<ConsoleSignOut>(journal);
  const nextChange = (): number => {
    changes.set(changes.get() + 1);
    return changes.get();
  };
  const byKey = (key: string): ConsoleMessage | null => {
    const id = ids.get(key);
    return id === undefined ? null : (messages.get(String(id)) ?? null);
  };
  return {
    async postConsole(message) {
      const known = byKey(message.key);
      if (known !== null) return known;
      const posted: ConsoleMessage = {
        ...message,
        view: JSON.parse(JSON.stringify(message.view)),
        id: messages.size() + 1,
        postedAt: now(),
        editedAt: null,
        change: nextChange(),
      };
      messages.set(String(posted.id), posted);
      ids.set(posted.key, posted.id);
      return posted;
    },
    async editConsole(id, view) {
      const former = messages.get(String(id));
      if (former === undefined) return null;
      const edited = {
        ...former,
        view: JSON.parse(JSON.stringify(view)),
        editedAt: now(),
        change: nextChange(),
      };
      messages.set(String(id), edited);
      return edited;
    },
    findConsole: async (key) => byKey(key),
    consoleMessage: async (id) => messages.get(String(id)) ?? null,
    async consoleMessages({ channel, thread, beforeId, visibleTo, limit }) {
      return messages
        .rows()
        .filter((message) => message.channel === channel && message.thread === thread)
        .filter((message) => beforeId === undefined || message.id < beforeId)
        .filter(({ onlyFor }) => visibleTo === undefined || (onlyFor ?? visibleTo) === visibleTo)
        .reverse()
        .slice(0, limit);
    },
    async consoleChanges(after, limit) {
      return messages
        .rows()
        .filter((message) => message.change > after)
        .sort((a, b) => a.change - b.change)
        .slice(0, limit);
    },
    consoleHead: async () => changes.get(),
    async consoleThreads(wanted) {
      const open = messages.rows().filter((message) => message.onlyFor === null);
      return wanted.flatMap((message) => {
        const replies = open.filter((reply) => reply.thread === message);
        const last = replies.at(-1);
        return last === undefined
          ? []
          : [{ message, replies: replies.length, lastAt: last.postedAt }];
      });
    },
    async markConsoleRead(user, channel, id) {
      const key = JSON.stringify([user, channel]);
      reads.set(key, { user, channel, id: Math.max(id, reads.get(key)?.id ?? 0) });
    },
    consoleReads: async (user) =>
      reads
        .rows()
        .filter((read) => read.user === user)
        .map(({ channel, id }) => ({ channel, id })),
    async storeConsoleAccount(account) {
      accounts.set(account.user, { ...account });
    },
    consoleAccount: async (user) => accounts.get(user) ?? null,
    async signOutConsole(end) {
      const keyOf = ({ user, session }: ConsoleSignOut) => JSON.stringify([user, session]);
      for (const known of signOuts.rows()) {
        if (known.until <= end.at) signOuts.delete(keyOf(known));
      }
      const known = signOuts.get(keyOf(end));
      signOuts.set(keyOf(end), {
        ...end,
        at: Math.max(end.at, known?.at ?? 0),
        until: Math.max(end.until, known?.until ?? 0),
      });
    },
    consoleSignedOut: async ({ user, session, begunAt }) =>
      signOuts
        .rows()
        .filter((end) => end.user === user)
        .some((end) => end.session === session || (end.session === null && end.at >= begunAt)),
  };
}
