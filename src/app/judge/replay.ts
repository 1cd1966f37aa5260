import type { World } from '#app/world.ts';
import { type Override, parseOverride } from '#core/analysis/overrides.ts';
import { type Ending, endingOf, type ReplayedLook, replayLooks } from '#core/analysis/replay.ts';
import type { RolloutId } from '#core/ids.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import { storedLooks } from './stored-looks.ts';

/** A release judged again, and how it would have ended. */
export interface Replay {
  readonly rollout: RolloutId;
  readonly looks: readonly ReplayedLook[];
  readonly before: Ending;
  readonly after: Ending;
}

/**
 * Judges a release again from what was stored, with settings changed as in `floor.relative=0.05`.
 * Changes nothing. Refusals: `judge.bad_setting`, `judge.no_samples`.
 */
export async function replayRollout(
  world: Pick<World, 'store'>,
  wish: { readonly rollout: RolloutId; readonly set: readonly string[] },
): Promise<Result<Replay>> {
  const overrides = readOverrides(wish.set);
  if (!overrides.ok) return overrides;
  const looks = await storedLooks(world.store, wish.rollout);
  if (looks.length === 0) {
    return no(
      refusal(
        'judge.no_samples',
        `No looks of ${wish.rollout} are stored.`,
        'Choose a release that was analysed; the history lists them.',
      ),
    );
  }
  const replayed = replayLooks(looks, overrides.value);
  if (!replayed.ok) return replayed;
  return ok({
    rollout: wish.rollout,
    looks: replayed.value,
    before: endingOf(replayed.value, (look) => look.before),
    after: endingOf(replayed.value, (look) => look.after),
  });
}

/** Reads all settings, or refuses with the first that cannot be read. */
export function readOverrides(texts: readonly string[]): Result<readonly Override[]> {
  const overrides: Override[] = [];
  for (const text of texts) {
    const read = parseOverride(text);
    if (!read.ok) return read;
    overrides.push(read.value);
  }
  return ok(overrides);
}
