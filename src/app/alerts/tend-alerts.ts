import type { Rollouts } from '#app/rollouts.ts';
import type { World } from '#app/world.ts';
import type { AlertEvent } from '#core/alerts/events.ts';
import { type AlertGroup, aimsOf } from '#core/alerts/group.ts';
import { ended } from '#core/rollout/state.ts';
import type { OnCall } from '#ports/on-call.ts';
import type { Transaction } from '#ports/store.ts';
import { firingGroups, lockGroup, writeGroup } from './alert-stream.ts';
import { letGo } from './hold-against.ts';
import type { ProjectAlert } from './project-alert.ts';

/** A group that rings is looked at this often: what happens to its suspects is told at once. */
const lookEveryMs = 30_000;

/**
 * Looks after alerts that ring: says who is on call, gives an alert its own thread when the release
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

  async function tend(id: string, onCall: AlertEvent | null): Promise<void> {
    const silenceMs = (world.settings().settings.alerts?.silence ?? 0) * 1000;
    await world.store.transact(async (tx) => {
      const stored = await lockGroup(tx, id);
      if (stored.group?.phase !== 'firing') return;
      const events = await due(tx, stored.group, stored.seenAt + silenceMs, onCall);
      const write = { seenAt: stored.seenAt, silenceMs };
      const after =
        events.length === 0 ? stored.group : await writeGroup(tx, stored, events, write);
      await project(tx, after, { events, version: stored.version + events.length });
    });
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
      ...(onCall === null || group.onCall !== null ? [] : [onCall]),
      ...(await raisedNow(tx, rollouts, group)),
      ...(silent ? [{ kind: 'episode.closed' as const, because: 'no_news' as const }] : []),
    ];
  }

  async function ask(group: AlertGroup): Promise<AlertEvent | null> {
    const onCall = needs.onCall();
    const [aim] = aimsOf(group);
    if (onCall === null || group.onCall !== null || aim === undefined) return null;
    const { people, because } = await onCall.who(aim);
    const named = people.slice(0, 20).map((name) => ({ name: name.slice(0, 200) }));
    return { kind: 'oncall.named', people: named, because: because.slice(0, 300) };
  }

  /** When each group that rings was looked at last, by this process. */
  const looked = new Map<string, number>();

  async function look(group: AlertGroup, now: number): Promise<void> {
    const onCall = await ask(group);
    const fresh = now - (looked.get(group.id) ?? 0) < lookEveryMs;
    const noise = group.home.kind === 'rollout' && !group.raised;
    if (fresh && onCall === null && !noise) return;
    looked.set(group.id, now);
    await tend(group.id, onCall);
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
