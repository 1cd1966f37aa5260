import type { World } from '#app/world.ts';
import { Fault } from '#core/fault.ts';
import type { PlannedTarget } from '#core/plan.ts';
import type { PlaceSettings } from '#core/settings/lookup.ts';
import type { TargetStatus } from '#core/target-state.ts';
import type { TargetRef } from '#ports/delivery-target.ts';

/** A target as the plan has it, with what a person should know of it before. */
export interface InspectedTarget extends PlannedTarget {
  /** What differs from what was written last; null when nothing does. */
  readonly drift: string | null;
  /** Whether a fresh copy of stable can run there beside the candidate. */
  readonly takesBaseline: boolean;
}

/**
 * Asks every target of a place what it runs now.
 * @throws Fault `target.unavailable`, with the target as its scope
 */
export async function inspectTargets(
  world: World,
  place: PlaceSettings,
): Promise<readonly InspectedTarget[]> {
  const { settings } = world.settings();
  return Promise.all(
    place.waves.flatMap((wave, index) =>
      wave.map(async (target): Promise<InspectedTarget> => {
        const ref = { target, service: place.service, environment: place.environment };
        const status = await inspect(world, ref);
        return {
          target,
          adapter: settings.targets[target]?.adapter ?? '',
          identity: status.identity,
          stable: status.stable?.artifact ?? null,
          wave: index,
          drift: status.drift,
          takesBaseline: status.baseline !== undefined,
        };
      }),
    ),
  );
}

async function inspect(world: World, ref: TargetRef): Promise<TargetStatus> {
  try {
    return await world.target(ref.target).inspect(ref);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { code, message, retryable, retryAfterMs } = error;
    throw new Fault(code, message, {
      retryable,
      scope: ref.target,
      cause: error,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}
