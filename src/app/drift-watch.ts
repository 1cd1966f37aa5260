import type { BoardPlace } from '#ports/reader.ts';
import { readDrift } from './read-drift.ts';
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
    const detail = await difference(world, place);
    seen.set(key, { at, drift: detail === null ? null : { detail, asOf: at } });
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

/** What differs in a place, or why that cannot be seen, in one sentence. */
async function difference(world: World, asked: Place): Promise<string | null> {
  const { service, environment, runs } = asked;
  const place = world.settings().lookup.place(service, environment);
  const targets = place === null ? [] : await readDrift(world, place, runs, false);
  for (const { target, differences, unreachable } of targets) {
    const words = unreachable === null ? differences[0] : `It cannot be seen: ${unreachable}`;
    if (words !== undefined) return targets.length === 1 ? words : `${target}: ${words}`;
  }
  return null;
}
