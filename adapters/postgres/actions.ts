import type { ActionStore, StoredAction } from '#ports/action-store.ts';
import type { SampleStore } from '#ports/sample-store.ts';
import { rowsOf } from './trust-boundary.ts';
import type { Unit } from './unit.ts';

/** What buttons stand for, within a transaction. */
export function actionsIn(unit: Unit): ActionStore {
  return {
    async storeActions(actions) {
      if (actions.length === 0) return;
      unit.later(
        `INSERT INTO signalbox.action (token, command, args, plan_hash, rollout, expires_at)
        SELECT token, command, args::json, plan_hash, rollout, expires_at
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
          WITH ORDINALITY AS g (token, command, args, plan_hash, rollout, expires_at, nth)
        ORDER BY token, nth
        ON CONFLICT DO NOTHING`,
        [
          actions.map((action) => action.token),
          actions.map((action) => action.command),
          actions.map((action) => JSON.stringify(action.args)),
          actions.map((action) => action.planHash),
          actions.map((action) => action.rollout),
          actions.map((action) => action.expiresAt),
        ],
      );
    },
    async action(token) {
      const text = `SELECT token, command, args, plan_hash AS "planHash", rollout,
        expires_at AS "expiresAt" FROM signalbox.action WHERE token = $1`;
      return rowsOf<StoredAction>(await unit.read(text, [token]))[0] ?? null;
    },
  };
}

/** What the judge saw, within a transaction. */
export function samplesIn(unit: Unit): SampleStore {
  return {
    async storeSamples(id, rollout, json) {
      const text = `INSERT INTO signalbox.sample (id, rollout, samples) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING`;
      unit.later(text, [id, rollout, json]);
    },
    async samples(id) {
      const text = 'SELECT samples FROM signalbox.sample WHERE id = $1';
      const [row] = rowsOf<{ readonly samples: string }>(await unit.read(text, [id]));
      return row?.samples ?? null;
    },
    async samplesOf(rollout) {
      const text = `SELECT id, samples AS json FROM signalbox.sample WHERE rollout = $1 ORDER BY ord`;
      return rowsOf<{ readonly id: string; readonly json: string }>(
        await unit.read(text, [rollout]),
      );
    },
  };
}
