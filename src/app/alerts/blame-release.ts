import type { Rollouts } from '#app/rollouts.ts';
import type { World } from '#app/world.ts';
import { type AlertGroup, beganAt, firing, troubleOf } from '#core/alerts/group.ts';
import type { Actor } from '#core/people.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { Transaction } from '#ports/store.ts';
import { lockGroup, writeGroup } from './alert-stream.ts';
import { hadTraffic, hold } from './hold-against.ts';
import type { ProjectAlert } from './project-alert.ts';
import { changeWatch } from './watch-stream.ts';

/**
 * Records that a release caused an alert, over or not: it is held against it and counts it as
 * failed. It neither pauses the release nor turns it back: who says so can do that. Refusals:
 * `alert.unknown`, `alert.came_first`, `alert.known_cause`.
 */
export async function blameRelease(
  tx: Transaction,
  needs: {
    readonly world: World;
    readonly rollouts: Pick<Rollouts, 'read' | 'active' | 'live' | 'change'>;
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
  const { world, rollouts } = needs;
  const stored = await lockGroup(tx, alert);
  const { group } = stored;
  const release = group === null ? null : await rollouts.read(tx, rollout);
  if (group === null || release === null) {
    return no(refusal('alert.unknown', `There is no alert ${alert}.`, 'See them with alerts.'));
  }
  if (!hadTraffic(release, beganAt(group))) {
    return no(
      refusal(
        'alert.came_first',
        `${group.title} began before ${rollout} had any traffic.`,
        'Look for what changed before: history shows it.',
      ),
    );
  }
  const cleared = group.cleared.some((one) => one.rollout === rollout);
  if (!cleared && group.linked.some((one) => one.rollout === rollout && one.by != null)) {
    return no(
      refusal(
        'alert.known_cause',
        `${group.title} is held against ${rollout} already.`,
        'Nothing is left to do. If that was wrong, say not-related.',
      ),
    );
  }
  const rings = firing(group);
  const blame = { most: 'note' as const, by, ...(reason === '' ? {} : { because: reason }) };
  const aimed = rings.length > 0 ? rings : group.alerts;
  const held = await hold(tx, world, rollouts, { group, release, aimed }, blame);
  if (group.closedAt !== null) {
    const over = { trouble: troubleOf(group), at: group.closedAt };
    await changeWatch(tx, release, () => [{ kind: 'trouble.over', ...over }]);
  }
  const write = { seenAt: stored.seenAt, silenceMs: needs.silenceMs, actor: by };
  const after = await writeGroup(tx, stored, held.events, write);
  const change = { events: held.events, version: stored.version + held.events.length };
  await needs.project(tx, after, change);
  return ok(after);
}
