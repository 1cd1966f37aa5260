import { Fault } from '#core/fault.ts';
import type { Artifact } from '#core/release.ts';
import { sameArtifact } from '#core/same-artifact.ts';
import type { PlaceSettings } from '#core/settings/lookup.ts';
import type { World } from './world.ts';

/** One target as it is, beside what the ledger says of it. */
export interface TargetDrift {
  readonly target: string;
  /** Null where nothing runs, or where it could not be asked. */
  readonly runs: Artifact | null;
  /** What differs, one sentence each; empty when nothing does. */
  readonly differences: readonly string[];
  /** Why it could not be asked; null when it answered. */
  readonly unreachable: string | null;
}

/**
 * Compares every target of a place with `ledger`, what the last release left there. While a release
 * is `underWay` the targets' own record is what counts. Changes nothing.
 */
export async function readDrift(
  world: World,
  place: PlaceSettings,
  ledger: Artifact | null,
  underWay: boolean,
): Promise<readonly TargetDrift[]> {
  return Promise.all(
    place.waves.flat().map(async (target): Promise<TargetDrift> => {
      const ref = { target, service: place.service, environment: place.environment };
      try {
        const { stable, drift } = await world.target(target).inspect(ref);
        const runs = stable?.artifact ?? null;
        const own = drift === null ? [] : [drift];
        const other = underWay || own.length > 0 ? [] : against(ledger, runs);
        return { target, runs, differences: [...own, ...other], unreachable: null };
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return { target, runs: null, differences: [], unreachable: error.message };
      }
    }),
  );
}

function against(ledger: Artifact | null, runs: Artifact | null): readonly string[] {
  if (ledger === null || sameArtifact(ledger, runs)) return [];
  return [`It runs ${runs?.version ?? 'nothing'}; the last release left ${ledger.version}.`];
}
