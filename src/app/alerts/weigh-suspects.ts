import type { Rollouts } from '#app/rollouts.ts';
import type { World } from '#app/world.ts';
import type { AlertEvent, Suspect } from '#core/alerts/events.ts';
import { type AlertGroup, firing, troubleOf } from '#core/alerts/group.ts';
import { isExonerated, soleSuspect } from '#core/alerts/sole-suspect.ts';
import { formatDuration } from '#core/duration.ts';
import { signalbox } from '#core/people.ts';
import { ended } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import { beginning, type Held, hold, isAccountable } from './hold-against.ts';
import { changeWatch } from './watch-stream.ts';

type Needs = Pick<Rollouts, 'read' | 'active' | 'live' | 'change'>;

/**
 * What follows from what was measured of the suspects: a release is let go when what rings was bad
 * before its first traffic, and one of what the alerting service needs is held to account when it
 * is clearly the one, and under way or watched. That one is paused at most: an alert about another
 * service never turns it back.
 */
export async function weighSuspects(
  tx: Transaction,
  world: World,
  rollouts: Needs,
  group: AlertGroup,
): Promise<Held> {
  const events: AlertEvent[] = [];
  for (const { rollout, by } of group.linked) {
    if (by != null || !isExonerated(group, rollout)) continue;
    events.push(await letOff(tx, rollouts, group, rollout));
  }
  const blamed = await blame(tx, world, rollouts, group);
  return { events: [...events, ...blamed.events], wake: blamed.wake };
}

async function letOff(
  tx: Transaction,
  rollouts: Needs,
  group: AlertGroup,
  rollout: string,
): Promise<AlertEvent> {
  const suspect = group.suspects.find((one) => one.rollout === rollout);
  const because = suspect === undefined ? 'it was bad before' : badBefore(suspect);
  const state = await rollouts.read(tx, rollout);
  if (state !== null) {
    const trouble = troubleOf(group);
    if (!ended(state.phase)) {
      await rollouts.change(tx, rollout, {
        kind: 'unstamp',
        by: signalbox,
        alert: trouble,
        because,
      });
      // What it announced for this alert would help nobody.
      if (state.countdown?.cause.kind === 'alert') {
        await rollouts.change(tx, rollout, {
          kind: 'stop-rollback',
          by: signalbox,
          reason: because,
        });
      }
    }
    await changeWatch(tx, state, () => [
      { kind: 'trouble.cleared', trouble, by: signalbox, reason: because },
    ]);
  }
  return { kind: 'release.freed', rollout, because };
}

async function blame(
  tx: Transaction,
  world: World,
  rollouts: Needs,
  group: AlertGroup,
): Promise<Held> {
  const none = { events: [], wake: [] };
  const suspect = soleSuspect(group);
  const aimed = firing(group).filter(({ aim }) => aim?.environment === suspect?.environment);
  if (suspect === null || aimed.length === 0) return none;
  if (group.linked.some(({ rollout }) => rollout === suspect.rollout)) return none;
  const release = await rollouts.read(tx, suspect.rollout);
  if (release === null || !(await isAccountable(tx, release, beginning(aimed)))) return none;
  return hold(
    tx,
    world,
    rollouts,
    { group, release, aimed },
    { most: 'pause', because: turnedAfter(suspect) },
  );
}

function badBefore({ health, trafficAt }: Suspect): string {
  const early = trafficAt - (health?.turnedAt ?? trafficAt);
  if (health == null || early < 0) return 'it was not healthy before its first traffic';
  return `it was bad ${formatDuration(early / 1000)} before its first traffic (${health.by})`;
}

function turnedAfter({ health, trafficAt, service }: Suspect): string {
  const late = formatDuration(Math.max(0, (health?.turnedAt ?? trafficAt) - trafficAt) / 1000);
  return `healthy until ${service} changed, bad ${late} after its first traffic (${health?.by ?? ''})`;
}
