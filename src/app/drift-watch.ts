import { Fault } from '#core/fault.ts';
import { sameArtifact } from '#core/release.ts';
import type { TargetStatus } from '#core/target-state.ts';
import type { BoardPlace } from '#ports/reader.ts';
import type { World } from './world.ts';

/** A place is looked at again once what is known of it is this old. */
const freshMs = 15_000;
/** Places that are looked at beside each other. */
const atOnce = 4;

type Place = Pick<BoardPlace, 'service' | 'environment' | 'runs' | 'rollout'>;
type Drift = BoardPlace['drift'];

/** Compares what runs with what was released, for those who look at a board. */
export interface DriftWatch {
  /**
   * What was seen last. Never waits: a place whose news is old is looked at meanwhile, and whoever
   * asks again learns it. Nothing is said of a place where a release is at work.
   */
  of(place: Place): Drift;
}

/** Creates a watch that looks only at places that somebody asks about. */
export function createDriftWatch(world: World): DriftWatch {
  const seen = new Map<string, { readonly at: number; readonly drift: Drift }>();
  const waiting = new Map<string, Place>();
  let looking = 0;

  async function look(key: string, place: Place): Promise<void> {
    const at = world.clock.now();
    try {
      const detail = await difference(world, place);
      seen.set(key, { at, drift: detail === null ? null : { detail, asOf: at } });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      seen.set(key, { at, drift: { detail: `It cannot be seen: ${error.message}`, asOf: at } });
    }
  }

  function next(): void {
    for (const [key, place] of waiting) {
      if (looking >= atOnce) return;
      waiting.delete(key);
      looking += 1;
      look(key, place)
        .catch((fault) => world.log.warn('A place could not be compared', { fault }))
        .finally(() => {
          looking -= 1;
          next();
        });
    }
  }

  return {
    of(place) {
      if (place.rollout !== null || place.runs === null) return null;
      const key = `${place.service}/${place.environment}/${place.runs.digest}`;
      const known = seen.get(key);
      if (known === undefined || world.clock.now() - known.at > freshMs) {
        waiting.set(key, place);
        next();
      }
      return known?.drift ?? null;
    },
  };
}

async function difference(
  world: World,
  { service, environment, runs }: Place,
): Promise<string | null> {
  const targets = world.settings().lookup.place(service, environment)?.waves.flat() ?? [];
  for (const target of targets) {
    const status = await world.target(target).inspect({ target, service, environment });
    const found = differs(status, runs);
    if (found !== null) return targets.length === 1 ? found : `${target}: ${found}`;
  }
  return null;
}

function differs({ stable, drift }: TargetStatus, runs: Place['runs']): string | null {
  if (drift !== null) return drift;
  if (stable === null) return 'Nothing runs there.';
  return sameArtifact(stable.artifact, runs)
    ? null
    : `${stable.artifact.version} runs there (${stable.artifact.digest.slice(7, 19)}).`;
}
