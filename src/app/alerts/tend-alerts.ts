import { wake } from '#app/rollout/advance.ts';
import type { Rollouts } from '#app/rollouts.ts';
import type { World } from '#app/world.ts';
import type { Aim } from '#core/alerts/alert.ts';
import type { AlertEvent, Suspect } from '#core/alerts/events.ts';
import { type AlertGroup, aimsOf } from '#core/alerts/group.ts';
import { canonicalJson } from '#core/canonical.ts';
import { ended } from '#core/rollout/state.ts';
import type { OnCall } from '#ports/on-call.ts';
import type { Transaction } from '#ports/store.ts';
import { firingGroups, lockGroup, writeGroup } from './alert-stream.ts';
import { findSuspects } from './find-suspects.ts';
import { type Held, letGo } from './hold-against.ts';
import { measureSuspects } from './measure-suspects.ts';
import type { ProjectAlert } from './project-alert.ts';
import { weighSuspects } from './weigh-suspects.ts';

/** A group that rings is looked at this often: what happens to its suspects is told at once. */
const lookEveryMs = 30_000;

/** Metrics come late and services are away: what they did not tell is asked again for this long. */
const measureAgainMs = 180_000;

const nowhere: Aim = { service: '', environment: '' };

type Measured = Awaited<ReturnType<typeof measureSuspects>>;

/** What was found out about a group outside. */
interface News {
  readonly onCall: AlertEvent | null;
  readonly measured: Measured;
}

/**
 * Looks after alerts that ring: measures whether what rings was healthy before each
 * suspect, says who is on call, gives an alert its own thread when the release
 * whose noise it was is over, closes what nobody repeats, and keeps the buttons as the releases
 * are. Runs every few seconds; safe beside others. Returns how many rang.
 */
export function tendAlerts(needs: {
  readonly world: World;
  readonly rollouts: Rollouts;
  readonly project: ProjectAlert;
  readonly onCall: () => OnCall | null;
}): () => Promise<number> {
  const { world, rollouts, project } = needs;

  async function tend(id: string, news: News): Promise<void> {
    const silenceMs = (world.settings().settings.alerts?.silence ?? 0) * 1000;
    const waking = await world.store.transact(async (tx) => {
      const stored = await lockGroup(tx, id);
      if (stored.group?.phase !== 'firing') return [];
      const weighed = await weigh(tx, stored.group, news.measured);
      const events = [
        ...weighed.events,
        ...(await due(tx, stored.group, stored.seenAt + silenceMs, news.onCall)),
      ];
      const write = { seenAt: stored.seenAt, silenceMs };
      const after =
        events.length === 0 ? stored.group : await writeGroup(tx, stored, events, write);
      await project(tx, after, { events, version: stored.version + events.length });
      return weighed.wake;
    });
    const now = Math.floor(world.clock.now());
    for (const rollout of waking) await wake(world, rollout, null, now);
  }

  /** Ranks the suspects anew by what was measured of them, and sees what follows. */
  async function weigh(tx: Transaction, group: AlertGroup, measured: Measured): Promise<Held> {
    if (measured.size === 0) return { events: [], wake: [] };
    const suspects = await findSuspects(tx, world.settings(), group, measured);
    if (canonicalJson(suspects) === canonicalJson(group.suspects)) return { events: [], wake: [] };
    const held = await weighSuspects(tx, world, rollouts, { ...group, suspects });
    const ranked = { kind: 'suspects.ranked' as const, suspects: [...suspects] };
    return { events: [ranked, ...held.events], wake: held.wake };
  }

  /** What has become true of a group without its sender saying so. */
  async function due(
    tx: Transaction,
    group: AlertGroup,
    silentAt: number,
    onCall: AlertEvent | null,
  ): Promise<readonly AlertEvent[]> {
    const silent = tx.now >= silentAt;
    if (silent) await letGo(tx, rollouts, group, 'nobody repeats the alert');
    return [
      ...(onCall === null || isKnown(group, onCall) ? [] : [onCall]),
      ...(await raisedNow(tx, rollouts, group)),
      ...(silent ? [{ kind: 'episode.closed' as const, because: 'no_news' as const }] : []),
    ];
  }

  /** Who is on call: once, but again for a while when nobody could be named. */
  async function ask(group: AlertGroup, fresh: boolean, now: number): Promise<AlertEvent | null> {
    const onCall = needs.onCall();
    if (onCall === null) return null;
    const named = group.onCall !== null && group.onCall.people.length > 0;
    const again = !fresh && now - group.openedAt < measureAgainMs;
    if (named || (group.onCall !== null && !again)) return null;
    // Where the settings cannot place the alert, whoever has the usual schedule.
    const [aim = nowhere] = aimsOf(group);
    const { people, because } = await onCall.who(aim);
    const told = people.slice(0, 20).map((name) => ({ name: name.slice(0, 200) }));
    return { kind: 'oncall.named', people: told, because: because.slice(0, 300) };
  }

  /** When each group that rings was looked at last, by this process. */
  const looked = new Map<string, number>();

  async function look(group: AlertGroup, now: number): Promise<void> {
    const fresh = now - (looked.get(group.id) ?? 0) < lookEveryMs;
    const onCall = await ask(group, fresh, now);
    const measured = await measureSuspects(world, group, toMeasure(group, fresh, now));
    const noise = group.home.kind === 'rollout' && !group.raised;
    if (fresh && onCall === null && measured.size === 0 && !noise) return;
    looked.set(group.id, now);
    await tend(group.id, { onCall, measured });
  }

  return async () => {
    if (world.settings().settings.alerts === undefined || world.halted() !== null) return 0;
    const now = world.clock.now();
    const firing = await world.store.transact((tx) => firingGroups(tx));
    world.telemetry.gauge('alerts_firing', firing.length);
    for (const id of looked.keys()) {
      if (!firing.some((group) => group.id === id)) looked.delete(id);
    }
    for (const group of firing) await look(group, now);
    if (firing.length > 0) world.pokeDelivery();
    return firing.length;
  };
}

/** Another process, or an earlier look, was told the same. */
function isKnown({ onCall }: AlertGroup, event: AlertEvent): boolean {
  if (onCall === null || event.kind !== 'oncall.named') return false;
  return onCall.people.length > 0 || event.people.length === 0;
}

/** Suspects that nothing was measured of; those of whom that told nothing, for a while, now and then. */
function toMeasure(group: AlertGroup, fresh: boolean, now: number): readonly Suspect[] {
  const again = !fresh && now - group.openedAt < measureAgainMs;
  return group.suspects.filter(
    ({ health }) => health === undefined || (again && health.before === 'unknown'),
  );
}

async function raisedNow(
  tx: Transaction,
  rollouts: Pick<Rollouts, 'read'>,
  { home, raised }: AlertGroup,
): Promise<readonly AlertEvent[]> {
  if (home.kind === 'channel' || raised) return [];
  const rollout = await rollouts.read(tx, home.rollout);
  if (rollout !== null && !ended(rollout.phase)) return [];
  return [{ kind: 'episode.raised', because: `still fires after ${home.rollout} has ended` }];
}
