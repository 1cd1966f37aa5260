import { readBoard } from '#app/board.ts';
import { readDrift } from '#app/read-drift.ts';
import type { Rollouts } from '#app/rollouts.ts';
import type { World } from '#app/world.ts';
import type { Drifted } from '#core/digest/contents.ts';

/** Places that are looked at beside each other. */
const atOnce = 4;

/**
 * The places that do not run what was released there, as they are now. Asks the targets: never
 * within a transaction. Nothing is said of a place where a release is at work, nor of one that does
 * not answer.
 */
export async function readDrifts(world: World, rollouts: Rollouts): Promise<readonly Drifted[]> {
  const { lookup } = world.settings();
  const board = await world.store.transact((tx) => readBoard(tx, world.settings(), rollouts));
  const settled = board.filter(({ runs, rollout }) => runs !== null && rollout === null);
  const found: Drifted[] = [];
  for (let at = 0; at < settled.length; at += atOnce) {
    const looks = settled.slice(at, at + atOnce).map(async ({ service, environment, runs }) => {
      const place = lookup.place(service, environment);
      const targets = place === null ? [] : await readDrift(world, place, runs, false);
      return targets.flatMap(({ target, differences: [first] }): readonly Drifted[] => {
        if (first === undefined) return [];
        const detail = targets.length === 1 ? first : `${target}: ${first}`;
        return [{ service, environment, detail }];
      });
    });
    found.push(...(await Promise.all(looks)).flat());
  }
  return found;
}
