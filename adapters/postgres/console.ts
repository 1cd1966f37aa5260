import type {
  ConsoleAccount,
  ConsoleMessage,
  ConsoleStore,
  ConsoleThread,
} from '#ports/console-store.ts';
import { createConditions } from './conditions.ts';
import { rowsOf } from './trust-boundary.ts';
import type { Unit } from './unit.ts';

const columns = `id, channel, thread, key, author, author_name AS "authorName",
  only_for AS "onlyFor", view, posted_at AS "postedAt", edited_at AS "editedAt", change`;

/**
 * Change numbers come from a row of `counter`, not from a sequence: its lock is kept until the
 * commit, so the numbers become visible in their order.
 */
const nextChange = `
  INSERT INTO signalbox.counter AS c (name, number) VALUES ('console changes', 1)
  ON CONFLICT (name) DO UPDATE SET number = c.number + 1 RETURNING number`;

/** The console's messages within a transaction. */
export function consoleIn(unit: Unit): ConsoleStore {
  const one = async (condition: string, value: unknown): Promise<ConsoleMessage | null> => {
    const text = `SELECT ${columns} FROM signalbox.console_message WHERE ${condition}`;
    return rowsOf<ConsoleMessage>(await unit.read(text, [value]))[0] ?? null;
  };
  return {
    async postConsole({ channel, thread, key, author, authorName, onlyFor, view }) {
      const known = await one('key = $1', key);
      if (known !== null) return known;
      const text = `WITH next AS (${nextChange})
        INSERT INTO signalbox.console_message
          (channel, thread, key, author, author_name, only_for, view, posted_at, change)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, number FROM next RETURNING ${columns}`;
      const params = [channel, thread, key, author, authorName, onlyFor, JSON.stringify(view)];
      const [row] = rowsOf<ConsoleMessage>(await unit.write(text, [...params, unit.now]));
      if (row === undefined) throw new Error('The message was not stored');
      return row;
    },
    async editConsole(id, view) {
      const text = `WITH next AS (${nextChange})
        UPDATE signalbox.console_message SET view = $2, edited_at = $3, change = next.number
        FROM next WHERE id = $1 RETURNING ${columns}`;
      const edited = await unit.write(text, [id, JSON.stringify(view), unit.now]);
      return rowsOf<ConsoleMessage>(edited)[0] ?? null;
    },
    findConsole: (key) => one('key = $1', key),
    consoleMessage: (id) => one('id = $1', id),
    async consoleMessages({ channel, thread, beforeId, visibleTo, limit }) {
      const given = createConditions();
      given.and('channel = $', channel);
      given.and('thread IS NOT DISTINCT FROM $', thread);
      given.and('id < $', beforeId);
      given.and('(only_for IS NULL OR only_for = $)', visibleTo);
      const text = `SELECT ${columns} FROM signalbox.console_message ${given.where()}
        ORDER BY id DESC LIMIT ${given.param(limit)}`;
      return rowsOf<ConsoleMessage>(await unit.read(text, given.params));
    },
    async consoleChanges(after, limit) {
      const text = `SELECT ${columns} FROM signalbox.console_message
        WHERE change > $1 ORDER BY change LIMIT $2`;
      return rowsOf<ConsoleMessage>(await unit.read(text, [after, limit]));
    },
    async consoleHead() {
      const text = `SELECT number FROM signalbox.counter WHERE name = 'console changes'`;
      return rowsOf<{ readonly number: number }>(await unit.read(text, []))[0]?.number ?? 0;
    },
    async consoleThreads(messages) {
      const text = `SELECT thread AS message, count(*) AS replies, max(posted_at) AS "lastAt"
        FROM signalbox.console_message WHERE thread = ANY ($1) AND only_for IS NULL
        GROUP BY thread ORDER BY thread`;
      return rowsOf<ConsoleThread>(await unit.read(text, [messages]));
    },
    async markConsoleRead(user, channel, id) {
      const text = `INSERT INTO signalbox.console_read AS r (reader, channel, message)
        VALUES ($1, $2, $3)
        ON CONFLICT (reader, channel)
        DO UPDATE SET message = greatest(r.message, excluded.message)`;
      await unit.write(text, [user, channel, id]);
    },
    async consoleReads(user) {
      const text = `SELECT channel, message AS id FROM signalbox.console_read
        WHERE reader = $1 ORDER BY channel`;
      const found = await unit.read(text, [user]);
      return rowsOf<{ readonly channel: string; readonly id: number }>(found);
    },
    async storeConsoleAccount({ user, name, groups, asOf }) {
      const text = `INSERT INTO signalbox.console_account (account, name, groups, as_of)
        VALUES ($1, $2, $3, $4) ON CONFLICT (account) DO UPDATE
        SET name = excluded.name, groups = excluded.groups, as_of = excluded.as_of`;
      await unit.write(text, [user, name, groups, asOf]);
    },
    async consoleAccount(user) {
      const text = `SELECT account AS "user", name, groups, as_of AS "asOf"
        FROM signalbox.console_account WHERE account = $1`;
      return rowsOf<ConsoleAccount>(await unit.read(text, [user]))[0] ?? null;
    },
    async signOutConsole({ user, session, at, until }) {
      await unit.write('DELETE FROM signalbox.console_sign_out WHERE until <= $1', [at]);
      const text = `INSERT INTO signalbox.console_sign_out AS c (account, session, at, until)
        VALUES ($1, $2, $3, $4) ON CONFLICT (account, session) DO UPDATE
        SET at = greatest(c.at, excluded.at), until = greatest(c.until, excluded.until)`;
      await unit.write(text, [user, session ?? '', at, until]);
    },
    async consoleSignedOut({ user, session, begunAt }) {
      const text = `SELECT account FROM signalbox.console_sign_out
        WHERE account = $1 AND (session = $2 OR (session = '' AND at >= $3)) LIMIT 1`;
      const found = rowsOf<unknown>(await unit.read(text, [user, session, begunAt]));
      return found.length > 0;
    },
  };
}
