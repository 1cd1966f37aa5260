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
import { isExonerated } from '#core/alerts/sole-suspect.ts';
import type { Watch } from '#core/alerts/watch.ts';
import { troubleNote } from '#core/cards/watch-notes.ts';
import { recordOf } from '#core/figures/release-record.ts';
import { type Actor, signalbox } from '#core/people.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { AlertEffect } from '#core/settings/alerts.ts';
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
 * alert, nor one for which measurements speak. Rollouts under way get it stamped.
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
    if (release === null || isExonerated(group, release.id)) continue;
    if (group.cleared.some(({ rollout }) => rollout === release.id)) continue;
    const held = await hold(tx, world, rollouts, { group, release, aimed });
    events.push(...held.events);
    wake.push(...held.wake);
  }
  return { events, wake };
}

/** Why a release is held to account, where it is not for its place and time alone. */
interface Blame {
  /** The most that a rollout under way suffers for it. */
  readonly most?: AlertEffect;
  /** The person who says so: then it counts as a failure whatever its severity. */
  readonly by?: Actor;
  readonly because?: string;
}

/** Stamps a release under way and links it, unless that is known already. */
export async function hold(
  tx: Transaction,
  world: World,
  rollouts: Needs,
  what: {
    readonly group: AlertGroup;
    readonly release: RolloutState;
    readonly aimed: readonly FiringAlert[];
  },
  blame: Blame = {},
): Promise<Held> {
  const { group, release, aimed } = what;
  const before = group.linked.find(({ rollout }) => rollout === release.id);
  const { by, because } = blame;
  const fails = by !== undefined || worstEffect(aimed) !== 'note' || before?.fails === true;
  const over = await isOver(tx, group, release);
  // The rollout before its watch: everybody locks them in this order.
  const open = !ended(release.phase);
  if (open) await stamp(tx, rollouts, group, release, aimed, blame.most ?? 'roll-back');
  const wake = open ? [release.id] : [];
  const news = before === undefined || over || (fails && !before.fails) || by !== undefined;
  if (!news) return { events: [], wake };
  await link(tx, world, group, release, aimed, fails);
  const said = {
    ...(by === undefined ? {} : { by }),
    ...(because === undefined ? {} : { because: because.slice(0, 500) }),
  };
  return { events: [{ kind: 'release.linked', rollout: release.id, fails, ...said }], wake };
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

/** Whether a release may be held to account for what began then: under way with traffic, or watched. */
export async function isAccountable(
  tx: Transaction,
  state: RolloutState,
  began: number,
): Promise<boolean> {
  if (!hadTraffic(state, began)) return false;
  return !ended(state.phase) || isWatchedAt(await readWatchOf(tx, state.id), began);
}

function isWatchedAt(watch: Watch | null, at: number): boolean {
  return watch !== null && watch.until !== null && at <= watch.until;
}

export function hadTraffic(state: RolloutState, at: number): boolean {
  const { trafficAt } = recordOf(state);
  return trafficAt !== null && trafficAt <= at;
}

async function stamp(
  tx: Transaction,
  rollouts: Needs,
  group: AlertGroup,
  release: RolloutState,
  aimed: readonly FiringAlert[],
  most: AlertEffect,
): Promise<void> {
  const { name, severity, effect: wanted } = worst(aimed);
  const startsAt = beginning(aimed);
  const effect = most === 'note' || wanted === 'roll-back' ? most : wanted;
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
  heavy: boolean,
): Promise<void> {
  const { name, severity, summary, effect } = worst(aimed);
  const trouble = troubleOf(group);
  const linked = { trouble, name, severity, startsAt: beginning(aimed), evidence: summary };
  await changeWatch(tx, release, (watch) => {
    // One that flaps began when it first rang, and stays as bad as it once was.
    const known = watch?.troubles.find((one) => one.trouble === trouble);
    const startsAt = known?.startsAt ?? linked.startsAt;
    const fails = heavy || known?.fails === true;
    return [{ kind: 'trouble.linked', ...linked, startsAt, fails }];
  });
  // The thread of one under way hears of it by the stamp.
  if (!ended(release.phase)) return;
  const view = troubleNote(release, linked);
  const note = {
    name: `alert:${trouble}`,
    view,
    offer: false,
    loud: false,
    requester: effect !== 'note',
  };
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

/** When the first of some alerts began. */
export function beginning(aimed: readonly FiringAlert[]): number {
  return Math.min(...aimed.map(({ startsAt }) => startsAt));
}
