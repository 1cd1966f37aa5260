import { readFreezes } from '#app/change-freezes.ts';
import { readPlace } from '#app/change-place.ts';
import type { World } from '#app/world.ts';
import type { Facts } from '#core/facts.ts';
import type { Instant } from '#core/ids.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { sameArtifact } from '#core/same-artifact.ts';
import type { Transaction } from '#ports/store.ts';

type StoredFacts = Omit<Facts, 'approvals' | 'budgets'>;

/** The facts that the store and the settings know. */
export async function collectFacts(
  world: World,
  tx: Transaction,
  state: Pick<RolloutState, 'service' | 'environment' | 'artifact'>,
): Promise<StoredFacts> {
  const { settings, lookup } = world.settings();
  const place = await readPlace(tx, state.service, state.environment);
  const freezes = await readFreezes(tx);
  const before = lookup.previous(state.service, state.environment);
  const inForce =
    place.lock !== null && (place.lock.until === null || place.lock.until > tx.now)
      ? place.lock
      : null;
  return {
    locks:
      inForce === null
        ? []
        : [
            {
              owner: inForce.by,
              reason: inForce.reason,
              since: inForce.since,
              until: inForce.until,
              rollout: inForce.rollout,
            },
          ],
    freezes: freezes.active,
    windows: settings.freezes,
    upstream: before === null ? null : await upstream(tx, state, before),
    policy: { digest: lookup.policyDigest(state.service, state.environment) },
    holds: place.holds.map(({ artifact, reason, since }) => ({
      digest: artifact.digest,
      reason,
      since,
    })),
  };
}

/** What the environment before knows of the artifact. Soak counts from the last time it settled there. */
async function upstream(
  tx: Transaction,
  state: Pick<RolloutState, 'service' | 'artifact'>,
  environment: string,
): Promise<Facts['upstream']> {
  const place = await readPlace(tx, state.service, environment);
  const held = place.holds.some(({ artifact }) => sameArtifact(artifact, state.artifact));
  const index = place.settled.findIndex(({ artifact }) => sameArtifact(artifact, state.artifact));
  const settled = place.settled[index];
  const runs = place.settled[0]?.artifact ?? null;
  if (settled === undefined || held) {
    return { environment, runs, verifiedAt: null, soakedSeconds: 0 };
  }
  const until: Instant = place.settled[index - 1]?.at ?? tx.now;
  return {
    environment,
    runs,
    verifiedAt: settled.at,
    soakedSeconds: Math.floor((until - settled.at) / 1000),
  };
}
