import type { Rollouts } from '#app/rollouts.ts';
import type { World } from '#app/world.ts';
import type { Aim } from '#core/alerts/alert.ts';
import type { AlertEvent } from '#core/alerts/events.ts';
import {
  type AlertGroup,
  aimsOf,
  type FiringAlert,
  isAimedAt,
  troubleOf,
  worstEffect,
} from '#core/alerts/group.ts';
import type { Watch } from '#core/alerts/watch.ts';
import { troubleNote } from '#core/cards/watch-notes.ts';
import { recordOf } from '#core/figures/release-record.ts';
import { signalbox } from '#core/people.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import { tellRelease } from './tell-release.ts';
import { changeWatch, readWatchOf } from './watch-stream.ts';

type Needs = Pick<Rollouts, 'read' | 'active' | 'live' | 'change'>;

/** What was written about releases because of an alert. */
export interface Held {
  /** For the alert's own stream. */
  readonly events: readonly AlertEvent[];
  /** Rollouts under way that have to look again. */
  readonly wake: readonly string[];
}

/**
 * Holds an episode against the release that it speaks of: the one under way in the place, once it
 * had traffic, else the live one while it is watched. Never one whose first traffic came after the
 * alert. Rollouts under way get it stamped.
 */
export async function holdAgainst(
  tx: Transaction,
  world: World,
  rollouts: Needs,
  group: AlertGroup,
): Promise<Held> {
  const events: AlertEvent[] = [];
  const wake: string[] = [];
  for (const aim of aimsOf(group)) {
    const aimed = group.alerts.filter(
      ({ aim: at, endsAt }) => endsAt === null && isAimedAt(at, aim),
    );
    if (aimed.length === 0) continue;
    const release = await releaseOf(tx, rollouts, aim, aimed);
    if (release === null) continue;
    if (group.cleared.some(({ rollout }) => rollout === release.id)) continue;
    const before = group.linked.find(({ rollout }) => rollout === release.id);
    const fails = worstEffect(aimed) !== 'note' || before?.fails === true;
    const over = await isOver(tx, group, release);
    // The rollout before its watch: everybody locks them in this order.
    if (!ended(release.phase)) {
      await stamp(tx, rollouts, group, release, aimed);
      wake.push(release.id);
    }
    if (before === undefined || over || (fails && !before.fails)) {
      await link(tx, world, group, release, aimed);
      events.push({ kind: 'release.linked', rollout: release.id, fails });
    }
  }
  return { events, wake };
}

/** The release that alerts about a place speak of; null when none had traffic when they began. */
async function releaseOf(
  tx: Transaction,
  rollouts: Needs,
  { service, environment }: Aim,
  aimed: readonly FiringAlert[],
): Promise<RolloutState | null> {
  const began = beginning(aimed);
  const active = await rollouts.active(tx, service, environment);
  // What rings while something is being taken back speaks of what is taken back.
  const goes = active?.intent === 'deploy' ? active : null;
  if (goes !== null && hadTraffic(goes, began)) return goes;
  const live = await rollouts.live(tx, service, environment);
  if (live === null) return null;
  const state = await rollouts.read(tx, live.rollout);
  const watch = await readWatchOf(tx, live.rollout);
  if (state === null || !isWatchedAt(watch, began) || !hadTraffic(state, began)) return null;
  return state;
}

function isWatchedAt(watch: Watch | null, at: number): boolean {
  return watch !== null && watch.until !== null && at <= watch.until;
}

function hadTraffic(state: RolloutState, at: number): boolean {
  const { trafficAt } = recordOf(state);
  return trafficAt !== null && trafficAt <= at;
}

async function stamp(
  tx: Transaction,
  rollouts: Needs,
  group: AlertGroup,
  release: RolloutState,
  aimed: readonly FiringAlert[],
): Promise<void> {
  const { name, severity, effect } = worst(aimed);
  const startsAt = beginning(aimed);
  const stamped = { alert: troubleOf(group), name, severity, startsAt, effect };
  await rollouts.change(tx, release.id, { kind: 'stamp', by: signalbox, ...stamped });
}

/** It was held against the release before, and rings again. */
async function isOver(tx: Transaction, group: AlertGroup, release: RolloutState) {
  const watch = await readWatchOf(tx, release.id);
  const known = watch?.troubles.find(({ trouble }) => trouble === troubleOf(group));
  return known !== undefined && known.endsAt !== null;
}

async function link(
  tx: Transaction,
  world: World,
  group: AlertGroup,
  release: RolloutState,
  aimed: readonly FiringAlert[],
): Promise<void> {
  const { name, severity, summary, effect } = worst(aimed);
  const trouble = troubleOf(group);
  const linked = { trouble, name, severity, startsAt: beginning(aimed), evidence: summary };
  await changeWatch(tx, release, (watch) => {
    // One that flaps began when it first rang, and stays as bad as it once was.
    const known = watch?.troubles.find((one) => one.trouble === trouble);
    const startsAt = known?.startsAt ?? linked.startsAt;
    const fails = effect !== 'note' || known?.fails === true;
    return [{ kind: 'trouble.linked', ...linked, startsAt, fails }];
  });
  // The thread of one under way hears of it by the stamp.
  if (!ended(release.phase)) return;
  const view = troubleNote(release, linked);
  const note = { name: `alert:${trouble}`, view, offer: false, requester: effect !== 'note' };
  await tellRelease(tx, world, release, note);
}

/** The episode is over: so it is for the releases that it was held against. */
export async function letGo(
  tx: Transaction,
  rollouts: Needs,
  group: AlertGroup,
  because: string,
): Promise<void> {
  const alert = troubleOf(group);
  const at = Math.max(group.openedAt, ...group.alerts.map(({ endsAt }) => endsAt ?? 0));
  for (const { rollout } of group.linked) {
    const state = await rollouts.read(tx, rollout);
    if (state === null) continue;
    if (!ended(state.phase)) {
      await rollouts.change(tx, rollout, { kind: 'unstamp', by: signalbox, alert, because });
    }
    await changeWatch(tx, state, () => [{ kind: 'trouble.over', trouble: alert, at }]);
  }
}

function worst(aimed: readonly FiringAlert[]): FiringAlert {
  const effect = worstEffect(aimed);
  const found = aimed.find((alert) => alert.effect === effect);
  if (found === undefined) throw new Error('An alert is held against a release without being one');
  return found;
}

function beginning(aimed: readonly FiringAlert[]): number {
  return Math.min(...aimed.map(({ startsAt }) => startsAt));
}
