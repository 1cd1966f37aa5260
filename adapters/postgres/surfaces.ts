import type { Surface, SurfaceStore } from '#ports/surface-store.ts';
import { rowsOf } from './trust-boundary.ts';
import type { Unit } from './unit.ts';

const columns = `id, channel, parent, account, urgency, desired_revision AS "desiredRevision",
  desired, desired_hash AS "desiredHash", desired_at AS "desiredAt",
  delivered_revision AS "deliveredRevision", delivered_hash AS "deliveredHash", message,
  anchored_at AS "anchoredAt", next_due_at AS "nextDueAt", failures, final, ambiguous`;

/** Live messages within a transaction. */
export function surfacesIn(unit: Unit): SurfaceStore {
  return {
    async desire({ id, channel, parent, account, urgency, view, hash, final }) {
      unit.later(desire, [
        id,
        JSON.stringify(channel),
        parent,
        account === null ? null : JSON.stringify(account),
        urgency,
        JSON.stringify(view),
        hash,
        unit.now,
        final,
      ]);
    },
    async surface(id) {
      const text = `SELECT ${columns} FROM signalbox.surface WHERE id = $1`;
      return rowsOf<Surface>(await unit.read(text, [id]))[0] ?? null;
    },
    async surfaceOfMessage({ channel, message }) {
      const text = `SELECT ${columns} FROM signalbox.surface
        WHERE message IS NOT NULL AND message ->> 'message' = $1
          AND message -> 'channel' ->> 'platform' = $2
          AND message -> 'channel' ->> 'tenant' = $3
          AND message -> 'channel' ->> 'channel' = $4
        LIMIT 1`;
      const { platform, tenant, channel: id } = channel;
      return rowsOf<Surface>(await unit.read(text, [message, platform, tenant, id]))[0] ?? null;
    },
    async dueSurfaces(now, limit, platform) {
      const text = `SELECT ${columns} FROM signalbox.surface
        WHERE desired_hash IS DISTINCT FROM delivered_hash AND next_due_at <= $1
          AND ($3::text IS NULL OR channel ->> 'platform' = $3)
        ORDER BY urgency, next_due_at, id LIMIT $2`;
      return rowsOf<Surface>(await unit.read(text, [now, limit, platform ?? null]));
    },
    async delivered(id, revision, hash, message, anchoredAt) {
      unit.later(
        `UPDATE signalbox.surface SET delivered_revision = $2, delivered_hash = $3, message = $4,
          anchored_at = $5, failures = 0, ambiguous = false
        WHERE id = $1 AND delivered_revision <= $2`,
        [id, revision, hash, JSON.stringify(message), anchoredAt],
      );
    },
    async postpone(id, until, why) {
      const failed = why === 'failed' || why === 'ambiguous';
      const gone = why === 'gone';
      unit.later(
        `UPDATE signalbox.surface SET next_due_at = $2, failures = failures + $3,
          ambiguous = NOT $4 AND (ambiguous OR $5),
          delivered_hash = CASE WHEN $4 THEN NULL ELSE delivered_hash END,
          message = CASE WHEN $4 THEN NULL ELSE message END,
          anchored_at = CASE WHEN $4 THEN NULL ELSE anchored_at END
        WHERE id = $1`,
        [id, until, failed ? 1 : 0, gone, why === 'ambiguous'],
      );
    },
  };
}

/** A new revision, due at once unless its delivery is failing; nothing new for the same hash. */
const desire = `
  INSERT INTO signalbox.surface AS s (id, channel, parent, account, urgency, desired_revision,
    desired, desired_hash, desired_at, next_due_at, final)
  VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $8, $9)
  ON CONFLICT (id) DO UPDATE SET
    channel = excluded.channel, parent = excluded.parent, account = excluded.account,
    urgency = CASE WHEN s.desired_hash IS DISTINCT FROM s.delivered_hash
      THEN least(s.urgency, excluded.urgency) ELSE excluded.urgency END,
    final = excluded.final,
    desired_revision = s.desired_revision + (s.desired_hash <> excluded.desired_hash)::int,
    desired = excluded.desired, desired_hash = excluded.desired_hash,
    desired_at = CASE WHEN s.desired_hash <> excluded.desired_hash THEN excluded.desired_at
      ELSE s.desired_at END,
    next_due_at = CASE WHEN s.desired_hash <> excluded.desired_hash AND s.failures = 0
      THEN excluded.next_due_at ELSE s.next_due_at END`;
