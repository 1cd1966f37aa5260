import type { Inbox, InboxRow } from '#ports/inbox.ts';
import { rowsOf } from './trust-boundary.ts';
import type { Unit } from './unit.ts';

interface Row {
  readonly id: number;
  readonly inbound: InboxRow['inbound'];
  readonly arrived_at: number;
  readonly done_at: number | null;
}

const columns = 'id, inbound, arrived_at, done_at';

/** The inbox within a transaction. */
export function inboxIn(unit: Unit): Inbox {
  return {
    async receive(inbounds) {
      if (inbounds.length === 0) return [];
      const received = await unit.write(
        'SELECT id, fresh FROM signalbox.receive($1, $2, $3, $4) ORDER BY place',
        [
          inbounds.map((inbound) => inbound.source),
          inbounds.map((inbound) => inbound.deliveryId),
          inbounds.map((inbound) => JSON.stringify(inbound)),
          unit.now,
        ],
      );
      return rowsOf<{ readonly id: number; readonly fresh: boolean }>(received);
    },
    async inboxRow(id) {
      const found = await unit.read(`SELECT ${columns} FROM signalbox.inbox WHERE id = $1`, [id]);
      return inboxRows(rowsOf<Row>(found))[0] ?? null;
    },
    async finishInbox(id, outcome) {
      const text = `UPDATE signalbox.inbox SET done_at = $2, outcome = $3
        WHERE id = $1 AND done_at IS NULL`;
      return (await unit.write(text, [id, unit.now, outcome])).rowCount === 1;
    },
    async unfinishedInbox(before, limit) {
      const text = `SELECT ${columns} FROM signalbox.inbox
        WHERE done_at IS NULL AND arrived_at < $1 ORDER BY arrived_at, id LIMIT $2`;
      return inboxRows(rowsOf<Row>(await unit.read(text, [before, limit])));
    },
  };
}

function inboxRows(rows: readonly Row[]): readonly InboxRow[] {
  return rows.map(({ id, inbound, arrived_at, done_at }) => ({
    id,
    inbound,
    arrivedAt: arrived_at,
    doneAt: done_at,
  }));
}
