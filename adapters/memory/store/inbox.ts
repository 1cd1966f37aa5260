import type { Instant } from '#core/ids.ts';
import type { Inbox, InboxRow } from '#ports/inbox.ts';
import { createTable, type Journal } from './journal.ts';

/** The inbox in memory. */
export function createMemoryInbox(journal: Journal, now: () => Instant): Inbox {
  const rows = createTable<InboxRow>(journal);
  const ids = createTable<number>(journal);
  return {
    async receive(inbounds) {
      return inbounds.map((inbound) => {
        const key = JSON.stringify([inbound.source, inbound.deliveryId]);
        const known = ids.get(key);
        if (known !== undefined) return { id: known, fresh: false };
        const id = rows.size() + 1;
        ids.set(key, id);
        const stored = JSON.parse(JSON.stringify(inbound));
        rows.set(String(id), { id, inbound: stored, arrivedAt: now(), doneAt: null });
        return { id, fresh: true };
      });
    },
    inboxRow: async (id) => rows.get(String(id)) ?? null,
    async finishInbox(id) {
      const row = rows.get(String(id));
      if (row === undefined || row.doneAt !== null) return false;
      rows.set(String(id), { ...row, doneAt: now() });
      return true;
    },
    async unfinishedInbox(before, limit) {
      return rows
        .rows()
        .filter((row) => row.doneAt === null && row.arrivedAt < before)
        .slice(0, limit);
    },
  };
}
