import { evolveWatch, type Watch, type WatchEvent } from '#core/alerts/watch.ts';
import type { Instant, RolloutId } from '#core/ids.ts';
import { type Actor, signalbox } from '#core/people.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import { readWatch } from './trust-boundary.ts';

/** The stream of what became of a release in the world. */
export function watchStream(rollout: RolloutId): string {
  return `watch:${rollout}`;
}

/** What is known of a release after its rollout; null when nothing was ever held against it. */
export async function readWatchOf(tx: Transaction, rollout: RolloutId): Promise<Watch | null> {
  const record = await tx.stream(watchStream(rollout));
  return record === null ? null : readWatch(record.row.state);
}

/**
 * Records what happened to a release. The first event of a release opens its stream.
 * `decide` is given what is known (null when nothing is) and answers with the events to record.
 */
export async function changeWatch(
  tx: Transaction,
  release: Pick<RolloutState, 'id' | 'service' | 'environment' | 'artifact'>,
  decide: (watch: Watch | null) => readonly WatchEvent[],
  change: { readonly actor?: Actor; readonly wakeAt?: (watch: Watch) => Instant | null } = {},
): Promise<Watch | null> {
  const record = await tx.streamForUpdate(watchStream(release.id));
  const before = record === null ? null : readWatch(record.row.state);
  const decided = decide(before);
  // Without news only the time of the next look may change.
  if (decided.length === 0 && (before === null || change.wakeAt === undefined)) return before;
  const { id, service, environment, artifact } = release;
  const opening: readonly WatchEvent[] =
    before === null
      ? [{ kind: 'watch.opened', rollout: id, service, environment, version: artifact.version }]
      : [];
  const events = [...opening, ...decided];
  let watch = before;
  for (const event of events) watch = evolveWatch(watch, event);
  if (watch === null) throw new Error('A watch cannot be written without events');
  const actor = change.actor ?? signalbox;
  const wakeAt = change.wakeAt === undefined ? record?.row.wakeAt : change.wakeAt(watch);
  await tx.append({
    stream: watchStream(id),
    kind: 'watch',
    expectedVersion: record?.version ?? 0,
    events: events.map((body) => ({ actor, body })),
    row: {
      service,
      environment,
      phase: watch.closed || watch.until === null ? 'over' : 'watching',
      active: false,
      ended: false,
      wakeAt: wakeAt ?? null,
      state: { format: 1, watch },
    },
  });
  return watch;
}
