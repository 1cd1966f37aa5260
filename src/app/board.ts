import { alertsIn } from '#core/alerts/place-alerts.ts';
import type { FreezesState } from '#core/freeze.ts';
import { freezeCovers, freezesInForce } from '#core/freeze.ts';
import { evaluateWindows } from '#core/freeze-windows.ts';
import type { Instant } from '#core/ids.ts';
import type { PlaceState } from '#core/place.ts';
import type { Artifact } from '#core/release.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { sameArtifact } from '#core/same-artifact.ts';
import type { BoardPlace } from '#ports/reader.ts';
import type { Transaction } from '#ports/store.ts';
import { firingGroups } from './alerts/alert-stream.ts';
import { readFreezes } from './change-freezes.ts';
import { readPlace } from './change-place.ts';
import type { Rollouts } from './rollouts.ts';
import type { SettingsSnapshot } from './world.ts';

/** Which places are wanted; absent members: all. */
export interface BoardFilter {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
}

/** What runs where, what is on its way and what holds it, by service and along the path. */
export async function readBoard(
  tx: Transaction,
  snapshot: SettingsSnapshot,
  rollouts: Rollouts,
  filter: BoardFilter = {},
): Promise<readonly BoardPlace[]> {
  const { settings, lookup } = snapshot;
  const freezes = await readFreezes(tx);
  const ringing = settings.alerts === undefined ? [] : await firingGroups(tx);
  const open = await rollouts.open(tx, filter.service, filter.environment);
  const board: BoardPlace[] = [];
  for (const service of Object.keys(settings.services).sort()) {
    if (filter.service !== undefined && filter.service !== service) continue;
    let upstream: PlaceState | null = null;
    for (const environment of lookup.path(service)) {
      const place = await readPlace(tx, service, environment);
      const wanted = filter.environment === undefined || filter.environment === environment;
      if (wanted) {
        const here = open.filter((one) => isIn(one, service, environment));
        const frozen = frozenNow(snapshot, freezes, service, environment, tx.now);
        board.push({
          ...(await boardPlace(tx, rollouts, place, here, promotable(upstream, place))),
          production: settings.environments[environment]?.production ?? false,
          frozen,
          drift: null,
          alerts: alertsIn(ringing, { service, environment }),
        });
      }
      upstream = place;
    }
  }
  return board;
}

async function boardPlace(
  tx: Transaction,
  rollouts: Rollouts,
  place: PlaceState,
  open: readonly RolloutState[],
  next: Artifact | null,
): Promise<Omit<BoardPlace, 'production' | 'frozen' | 'drift' | 'alerts'>> {
  const { service, environment, settled } = place;
  const [live] = settled;
  const released = live === undefined ? null : await rollouts.read(tx, live.rollout);
  const [rollout = null, ...behind] = inOrder(open);
  return {
    service,
    environment,
    runs: live?.artifact ?? null,
    since: live?.at ?? null,
    by: released?.requester.displayName ?? null,
    rollout,
    queue: behind.map(({ id, artifact, requester }) => ({
      rollout: id,
      version: artifact.version,
      by: requester.displayName,
    })),
    place,
    promotable: next,
  };
}

/** The one at work first, then those that wait, oldest first. */
export function inOrder(open: readonly RolloutState[]): readonly RolloutState[] {
  const started = open.filter((one) => one.startedAt !== null);
  return [...started, ...open.filter((one) => one.startedAt === null)];
}

/** What keeps a place frozen now, set by hand or planned; null when nothing does. */
export function frozenNow(
  { settings, lookup }: SettingsSnapshot,
  freezes: FreezesState,
  service: string,
  environment: string,
  now: Instant,
): BoardPlace['frozen'] {
  const set = freezesInForce(freezes, now).find(({ scope }) =>
    freezeCovers(scope, service, environment),
  );
  if (set !== undefined) {
    return { reason: `${set.reason} (${set.id} by ${set.by.displayName})`, until: set.until };
  }
  const gate = lookup.place(service, environment)?.gates.find((one) => one.gate === 'freeze');
  const named = gate?.options['windows'];
  const windows = (Array.isArray(named) ? named : []).flatMap((name) =>
    typeof name === 'string' ? (settings.freezes[name] ?? []) : [],
  );
  const planned = evaluateWindows(windows, now);
  return planned.frozen ? { reason: planned.reason, until: planned.until } : null;
}

function promotable(upstream: PlaceState | null, place: PlaceState): Artifact | null {
  const candidate = upstream?.settled[0]?.artifact ?? null;
  const runs = place.settled[0]?.artifact ?? null;
  if (candidate === null || sameArtifact(candidate, runs)) return null;
  // What ran here before was replaced on purpose, and what is held must not come back by a click.
  const past = [...place.settled, ...place.holds];
  return past.some(({ artifact }) => sameArtifact(candidate, artifact)) ? null : candidate;
}

function isIn(rollout: RolloutState, service: string, environment: string): boolean {
  return rollout.service === service && rollout.environment === environment;
}
