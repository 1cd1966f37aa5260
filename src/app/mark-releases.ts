import { Fault } from '#core/fault.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { ReleaseMark, ReleaseMarker } from '#ports/release-marker.ts';
import { readRollout } from './rollout/trust-boundary.ts';
import type { World } from './world.ts';

/** What ended longer ago is not marked any more: its mark was made, or nobody misses it. */
const recentMs = 6 * 3_600_000;

/** At most so many rollouts are looked at in one round. */
const most = 100;

/**
 * Keeps the marks of recent releases as their rollouts are. A chore: it may be called as often as
 * one likes, and by several processes, since marks converge; who just started marks once more.
 */
export function markReleases(
  world: Pick<World, 'store' | 'clock' | 'log'>,
  markers: () => Readonly<Record<string, ReleaseMarker>>,
): () => Promise<number> {
  /** What was marked last, by marker and rollout. */
  const marked = new Map<string, string>();

  async function markOne(name: string, marker: ReleaseMarker, state: RolloutState) {
    const mark = markOf(state);
    if (mark === null) return;
    const key = `${name} ${state.id}`;
    const wording = JSON.stringify(mark);
    if (marked.get(key) === wording) return;
    try {
      await marker.mark(mark);
      marked.set(key, wording);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      world.log.warn('A release could not be marked', { marker: name, fault: error });
      // A mark that is refused will be refused again: it is not asked for until it changes.
      if (!error.retryable) marked.set(key, wording);
    }
  }

  return async () => {
    const all = Object.entries(markers());
    if (all.length === 0) return 0;
    const since = world.clock.now() - recentMs;
    const recent = await world.store.transact((tx) =>
      tx.streams({ kind: 'rollout', newestFirst: true, limit: most }),
    );
    const states = recent
      .filter(({ updatedAt }) => updatedAt >= since)
      .map(({ row }) => readRollout(row.state));
    for (const [name, marker] of all) {
      for (const state of states) await markOne(name, marker, state);
    }
    forget(marked, new Set(states.map(({ id }) => id)));
    return 0;
  };
}

function forget(marked: Map<string, string>, alive: ReadonlySet<string>): void {
  for (const key of marked.keys()) {
    if (!alive.has(key.split(' ')[1] ?? '')) marked.delete(key);
  }
}

/** Null while nothing was touched: what never began leaves no trace in measurements. */
function markOf(state: RolloutState): ReleaseMark | null {
  const { id, intent, service, environment, artifact, phase, startedAt, endedAt } = state;
  if (startedAt === null) return null;
  const verb = intent === 'rollback' ? 'back to' : 'to';
  const turned = state.abort === null ? '' : ` (${state.abort.cause.detail})`;
  return {
    rollout: id,
    from: startedAt,
    to: ended(phase) ? endedAt : null,
    text: `${service} ${verb} ${artifact.version} in ${environment}: ${phase.replaceAll('_', ' ')}${turned}`,
    tags: ['signalbox', `service:${service}`, `environment:${environment}`, `phase:${phase}`],
  };
}
