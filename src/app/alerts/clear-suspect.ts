import type { Rollouts } from '#app/rollouts.ts';
import { type AlertGroup, troubleOf } from '#core/alerts/group.ts';
import type { Actor } from '#core/people.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import { ended } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import { lockGroup, writeGroup } from './alert-stream.ts';
import type { ProjectAlert } from './project-alert.ts';
import { changeWatch } from './watch-stream.ts';

/**
 * Records that a release has nothing to do with an alert: it is no suspect any more, and nothing
 * is held against it. Refusals: `alert.unknown`, `alert.not_suspected`.
 */
export async function clearSuspect(
  tx: Transaction,
  needs: {
    readonly rollouts: Pick<Rollouts, 'read' | 'change'>;
    readonly project: ProjectAlert;
    readonly silenceMs: number;
  },
  said: {
    readonly alert: string;
    readonly rollout: string;
    readonly by: Actor;
    readonly reason: string;
  },
): Promise<Result<AlertGroup>> {
  const { alert, rollout, by, reason } = said;
  const stored = await lockGroup(tx, alert);
  const { group } = stored;
  if (group === null) {
    return no(refusal('alert.unknown', `There is no alert ${alert}.`, 'See them with alerts.'));
  }
  const suspected = [...group.suspects, ...group.linked].some((one) => one.rollout === rollout);
  const cleared = group.cleared.some((one) => one.rollout === rollout);
  if (!suspected || cleared) {
    return no(
      refusal(
        'alert.not_suspected',
        `${rollout} is no suspect of ${group.title}${cleared ? ' any more' : ''}.`,
        'Look at the newest card of the alert.',
      ),
    );
  }
  const state = await needs.rollouts.read(tx, rollout);
  if (state !== null && group.linked.some((one) => one.rollout === rollout)) {
    const trouble = troubleOf(group);
    const because = `${by.displayName} says that it is not related`;
    if (!ended(state.phase)) {
      await needs.rollouts.change(tx, rollout, { kind: 'unstamp', by, alert: trouble, because });
    }
    await changeWatch(tx, state, () => [{ kind: 'trouble.cleared', trouble, by, reason }], {
      actor: by,
    });
  }
  const events = [{ kind: 'suspect.cleared' as const, rollout, by, reason }];
  const write = { seenAt: stored.seenAt, silenceMs: needs.silenceMs, actor: by };
  const after = await writeGroup(tx, stored, events, write);
  await needs.project(tx, after, { events, version: stored.version + events.length });
  return ok(after);
}
