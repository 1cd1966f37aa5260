import type { Instant } from '#core/ids.ts';
import { type Account, accountKey } from '#core/people.ts';
import type { LinkStore, LinkTicket } from '#ports/link-store.ts';
import { createTable, type Journal } from './journal.ts';

/** Links between accounts and people, and tickets for new ones, in memory. */
export function createMemoryLinks(journal: Journal, now: () => Instant): LinkStore {
  const links = createTable<{ readonly account: Account; readonly person: string }>(journal);
  const tickets = createTable<LinkTicket>(journal);
  const usable = (token: string): LinkTicket | null => {
    const ticket = tickets.get(token);
    if (ticket === undefined || ticket.usedAt !== null || ticket.expiresAt <= now()) return null;
    return ticket;
  };
  return {
    personOf: async (account) => links.get(accountKey(account))?.person ?? null,
    accountsOf: async (person) =>
      links
        .rows()
        .filter((link) => link.person === person)
        .map((link) => link.account),
    async link(account, person) {
      links.set(accountKey(account), { account, person });
    },
    async unlink(account) {
      links.delete(accountKey(account));
    },
    async storeTicket(ticket) {
      tickets.set(ticket.token, JSON.parse(JSON.stringify(ticket)));
    },
    ticket: async (token) => usable(token),
    async takeTicket(token) {
      const ticket = usable(token);
      if (ticket === null) return null;
      const taken = { ...ticket, usedAt: now() };
      tickets.set(token, taken);
      return taken;
    },
  };
}
