import type { World } from '#app/world.ts';
import { type Ending, endingOf, replayLooks } from '#core/analysis/replay.ts';
import type { RolloutId } from '#core/ids.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import { readOverrides } from './replay.ts';
import { looksOfLast } from './stored-looks.ts';

/** What changed settings would have made of the last releases of a service. */
export interface Backtest {
  readonly service: string;
  readonly releases: readonly {
    readonly rollout: RolloutId;
    readonly before: Ending;
    readonly after: Ending;
  }[];
  /** How many would have ended otherwise. */
  readonly changed: number;
}

/** Releases that are read at most: each may hold hundreds of looks. */
const most = 200;

/**
 * Judges the last releases of a service again with settings changed, and tells which would have
 * ended otherwise. Changes nothing. Refusals: `judge.bad_setting`, `judge.no_samples`.
 */
export async function backtest(
  world: Pick<World, 'store'>,
  wish: { readonly service: string; readonly last: number; readonly set: readonly string[] },
): Promise<Result<Backtest>> {
  const overrides = readOverrides(wish.set);
  if (!overrides.ok) return overrides;
  const found = await looksOfLast(world.store, wish.service, Math.min(most, wish.last));
  if (found.length === 0) return noSamples(wish.service);
  const releases: { rollout: RolloutId; before: Ending; after: Ending }[] = [];
  for (const { rollout, looks } of found) {
    const replayed = replayLooks(looks, overrides.value);
    if (!replayed.ok) return replayed;
    releases.push({
      rollout,
      before: endingOf(replayed.value, (look) => look.before),
      after: endingOf(replayed.value, (look) => look.after),
    });
  }
  const changed = releases.filter(({ before, after }) => before.kind !== after.kind).length;
  return ok({ service: wish.service, releases, changed });
}

/** The refusal for a service of which nothing that was judged is stored. */
export function noSamples(service: string): {
  readonly ok: false;
  readonly refusal: ReturnType<typeof refusal>;
} {
  return no(
    refusal(
      'judge.no_samples',
      `No looks of past releases of ${service} are stored.`,
      'Wait for a release that is analysed to end, or choose another service.',
    ),
  );
}
