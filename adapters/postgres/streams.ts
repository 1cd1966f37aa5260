import type { StreamRecord, Streams } from '#ports/streams.ts';
import { createConditions } from './conditions.ts';
import { rowsOf } from './trust-boundary.ts';
import type { Unit } from './unit.ts';

interface Row {
  readonly id: string;
  readonly kind: StreamRecord['kind'];
  readonly version: number;
  readonly fence: number;
  readonly service: string | null;
  readonly environment: string | null;
  readonly phase: string | null;
  readonly active: boolean;
  readonly ended: boolean;
  readonly wake_at: number | null;
  readonly state: unknown;
  readonly created_at: number;
  readonly updated_at: number;
}

const columns = `id, kind, version, fence, service, environment, phase, active, ended, wake_at,
  state, created_at, updated_at`;

/** Streams within a transaction. */
export function streamsIn(unit: Unit): Streams {
  return {
    async stream(id) {
      const found = await unit.read(`SELECT ${columns} FROM signalbox.stream WHERE id = $1`, [id]);
      return recordsOf(rowsOf<Row>(found))[0] ?? null;
    },
    async streamForUpdate(id) {
      const text = `SELECT ${columns} FROM signalbox.stream WHERE id = $1 FOR UPDATE`;
      return recordsOf(rowsOf<Row>(await unit.read(text, [id])))[0] ?? null;
    },
    async streams(query) {
      const given = createConditions();
      given.and('kind = $', query.kind);
      given.and('service = $', query.service);
      given.and('environment = $', query.environment);
      given.and('active = $', query.active);
      given.and('ended = $', query.ended);
      given.and('phase = ANY ($)', query.phases);
      given.and('wake_at <= $', query.dueBy);
      given.and('updated_at >= $', query.updatedSince);
      given.and('ord < (SELECT b.ord FROM signalbox.stream AS b WHERE b.id = $)', query.beforeId);
      const text = `SELECT ${columns} FROM signalbox.stream ${given.where()}
        ORDER BY ord ${query.newestFirst === true ? 'DESC' : ''}
        LIMIT ${given.param(query.limit ?? 1000)}`;
      return recordsOf(rowsOf<Row>(await unit.read(text, given.params)));
    },
    async claim(id, owner) {
      const text = `UPDATE signalbox.stream SET fence = fence + 1, owner = $2, claimed_at = $3
        WHERE id = $1 RETURNING ${columns}`;
      return recordsOf(rowsOf<Row>(await unit.write(text, [id, owner, unit.now])))[0] ?? null;
    },
    async append(append) {
      unit.append(append);
      return append.events.map(({ actor, body }, index) => ({
        at: unit.now,
        stream: append.stream,
        version: append.expectedVersion + index + 1,
        kind: body.kind,
        actor,
        body: { ...body },
      }));
    },
    async nextNumber(counter) {
      const text = `INSERT INTO signalbox.counter AS c (name, number) VALUES ($1, 1)
        ON CONFLICT (name) DO UPDATE SET number = c.number + 1 RETURNING number`;
      const [row] = rowsOf<{ readonly number: number }>(await unit.write(text, [counter]));
      if (row === undefined) throw new Error('The counter gave no number');
      return row.number;
    },
  };
}

function recordsOf(rows: readonly Row[]): readonly StreamRecord[] {
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    version: row.version,
    fence: row.fence,
    row: {
      service: row.service,
      environment: row.environment,
      phase: row.phase,
      active: row.active,
      ended: row.ended,
      wakeAt: row.wake_at,
      state: row.state,
    },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}
