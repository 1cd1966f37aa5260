import { objectivesOf, readBudget } from '#app/rollout/read-budgets.ts';
import { rolloutReads } from '#app/rollout/rollout-reads.ts';
import type { World } from '#app/world.ts';
import type { Trouble, Watch, WatchEvent } from '#core/alerts/watch.ts';
import { breaches, burnPairs } from '#core/analysis/budget.ts';
import { troubleNote, windowNote } from '#core/cards/watch-notes.ts';
import { recordOf } from '#core/figures/release-record.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { ObjectiveSettings } from '#core/settings/objective.ts';
import type { Transaction } from '#ports/store.ts';
import { nextLook } from './open-window.ts';
import { tellRelease } from './tell-release.ts';
import { readWatch } from './trust-boundary.ts';
import { changeWatch } from './watch-stream.ts';

/** Watches that are looked at in one round. */
const atOnce = 50;

/** An objective as it was found just now. */
interface Found {
  readonly name: string;
  /** Why it is breached, one sentence; null while it is kept. */
  readonly breach: string | null;
}

/**
 * Looks after releases that have all of the traffic: asks their objectives, links a breach that
 * was none before the release, offers the way back, and ends the watch in time, or when something
 * else runs. Runs every few seconds; safe beside others. Returns how many were due.
 */
export function tendWatches(world: World): () => Promise<number> {
  async function tend(watch: Watch): Promise<void> {
    const state = await world.store.transact((tx) => rolloutReads.read(tx, watch.rollout));
    if (state === null) return;
    const found = await measure(world, state);
    await world.store.transact((tx) => conclude(tx, world, state, found));
  }

  return async () => {
    if (world.halted() !== null) return 0;
    const due = await world.store.transact((tx) =>
      tx.streams({ kind: 'watch', dueBy: tx.now, limit: atOnce }),
    );
    for (const { row } of due) await tend(readWatch(row.state));
    if (due.length > 0) world.pokeDelivery();
    return due.length;
  };
}

/** How the objectives of the release's gates are kept now. What cannot be measured says nothing. */
async function measure(world: World, state: RolloutState): Promise<readonly Found[]> {
  const { objectives } = world.settings().settings;
  const found: Found[] = [];
  for (const name of objectivesOf(state)) {
    const objective = objectives[name];
    if (objective === undefined) continue;
    const now = await breachOf(world, state, objective, world.clock.now());
    // What burned before it came is not its doing.
    const { trafficAt } = recordOf(state);
    const before =
      now === null || trafficAt === null
        ? null
        : await breachOf(world, state, objective, trafficAt);
    found.push({ name, breach: before === null ? now : null });
  }
  return found;
}

async function breachOf(
  world: World,
  { service, environment, artifact, plan }: RolloutState,
  objective: ObjectiveSettings,
  at: number,
): Promise<string | null> {
  const running = (plan?.targets ?? []).map(({ target }) => ({ target, artifact }));
  const budget = await readBudget(world, { service, environment, running }, objective, at);
  const burns = new Map(budget.burns.map(({ seconds, rate }) => [seconds, rate]));
  return breaches(burnPairs(objective.period), { burns })[0] ?? null;
}

async function conclude(
  tx: Transaction,
  world: World,
  state: RolloutState,
  found: readonly Found[],
): Promise<void> {
  const live = await rolloutReads.live(tx, state.service, state.environment);
  const holds = live?.rollout === state.id;
  let linked: readonly Trouble[] = [];
  let over: readonly string[] = [];
  let closed = false;
  const watch = await changeWatch(
    tx,
    state,
    (before) => {
      if (before === null || before.until === null || before.closed) return [];
      const isOver = tx.now >= before.until || !holds;
      const events = holds ? news(before, found, tx.now) : ends(before, tx.now);
      linked = events.flatMap((event) =>
        event.kind === 'trouble.linked' ? [{ ...event, endsAt: null, clearedBy: null }] : [],
      );
      over = events.flatMap((event) => (event.kind === 'trouble.over' ? [event.trouble] : []));
      closed = isOver;
      const tick: readonly WatchEvent[] = isOver ? [{ kind: 'window.closed' }] : [];
      return [...events, ...tick];
    },
    { wakeAt: (after) => (after.closed ? null : nextLook(tx.now, after.until ?? tx.now, true)) },
  );
  if (watch === null) return;
  for (const trouble of linked) {
    const view = troubleNote(state, trouble);
    const note = { name: trouble.trouble, view, offer: true, loud: true, requester: true };
    await tellRelease(tx, world, state, note);
  }
  for (const trouble of watch.troubles.filter((one) => over.includes(one.trouble))) {
    const view = troubleNote(state, trouble);
    const note = { name: trouble.trouble, view, offer: false, loud: true, requester: false };
    await tellRelease(tx, world, state, note);
  }
  if (closed && holds) {
    const view = windowNote(state, watch);
    await tellRelease(tx, world, state, {
      name: 'window',
      view,
      offer: false,
      loud: false,
      requester: false,
    });
  }
}

function news(watch: Watch, found: readonly Found[], now: number): readonly WatchEvent[] {
  return found.flatMap(({ name, breach }): readonly WatchEvent[] => {
    const trouble = `objective:${name}`;
    const open = watch.troubles.some((one) => one.trouble === trouble && one.endsAt === null);
    if (breach === null) return open ? [{ kind: 'trouble.over', trouble, at: now }] : [];
    if (open || watch.troubles.some((one) => one.trouble === trouble)) return [];
    const linked = { trouble, name: `Objective ${name}`, severity: 'page', startsAt: now };
    return [{ kind: 'trouble.linked', ...linked, fails: true, evidence: breach }];
  });
}

/** People are off the release: what it was breaching is over for it. */
function ends(watch: Watch, now: number): readonly WatchEvent[] {
  return watch.troubles
    .filter(({ trouble, endsAt }) => trouble.startsWith('objective:') && endsAt === null)
    .map(({ trouble }) => ({ kind: 'trouble.over' as const, trouble, at: now }));
}
