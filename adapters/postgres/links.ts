import type { Account } from '#core/people.ts';
import type { LinkStore, LinkTicket } from '#ports/link-store.ts';
import { rowsOf } from './trust-boundary.ts';
import type { Unit } from './unit.ts';

const ticketColumns = `token, person, from_account AS "from", expires_at AS "expiresAt",
  used_at AS "usedAt", resume`;

/** Links between accounts and people, within a transaction. */
export function linksIn(unit: Unit): LinkStore {
  return {
    async personOf({ platform, tenant, user }) {
      const text = `SELECT person FROM signalbox.account_link
        WHERE platform = $1 AND tenant = $2 AND account = $3`;
      const found = await unit.read(text, [platform, tenant, user]);
      return rowsOf<{ readonly person: string }>(found)[0]?.person ?? null;
    },
    async accountsOf(person) {
      const text = `SELECT platform, tenant, account AS "user" FROM signalbox.account_link
        WHERE person = $1 ORDER BY platform, tenant, account`;
      return rowsOf<Account>(await unit.read(text, [person]));
    },
    async link({ platform, tenant, user }, person) {
      const text = `INSERT INTO signalbox.account_link (platform, tenant, account, person)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (platform, tenant, account) DO UPDATE SET person = excluded.person`;
      await unit.write(text, [platform, tenant, user, person]);
    },
    async unlink({ platform, tenant, user }) {
      const text = `DELETE FROM signalbox.account_link
        WHERE platform = $1 AND tenant = $2 AND account = $3`;
      await unit.write(text, [platform, tenant, user]);
    },
    async storeTicket({ token, person, from, expiresAt, usedAt, resume }) {
      const text = `INSERT INTO signalbox.link_ticket
        (token, person, from_account, expires_at, used_at, resume) VALUES ($1, $2, $3, $4, $5, $6)`;
      const account = JSON.stringify(from);
      await unit.write(text, [token, person, account, expiresAt, usedAt, JSON.stringify(resume)]);
    },
    async ticket(token) {
      const text = `SELECT ${ticketColumns} FROM signalbox.link_ticket
        WHERE token = $1 AND used_at IS NULL AND expires_at > $2`;
      return rowsOf<LinkTicket>(await unit.read(text, [token, unit.now]))[0] ?? null;
    },
    async takeTicket(token) {
      const text = `UPDATE signalbox.link_ticket SET used_at = $2
        WHERE token = $1 AND used_at IS NULL AND expires_at > $2 RETURNING ${ticketColumns}`;
      return rowsOf<LinkTicket>(await unit.write(text, [token, unit.now]))[0] ?? null;
    },
  };
}
