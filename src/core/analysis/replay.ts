import { ok, type Result } from '#core/result.ts';
import { judge } from './index.ts';
import { type Override, withOverrides } from './overrides.ts';
import { type StoredLook, targetInputs } from './stored.ts';
import { judgeTogether } from './together.ts';
import type { Judgement } from './verdict.ts';

/** One look judged again. */
export interface ReplayedLook {
  readonly look: StoredLook;
  /** By the settings it was judged with. */
  readonly before: Judgement;
  /** By the changed settings. */
  readonly after: Judgement;
}

/**
 * Judges stored looks again with some settings changed; without overrides `before` and `after` are
 * the same, and the same as was decided then. Refusal: `judge.bad_setting`.
 */
export function replayLooks(
  looks: readonly StoredLook[],
  overrides: readonly Override[],
): Result<readonly ReplayedLook[]> {
  const replayed: ReplayedLook[] = [];
  for (const look of looks) {
    const changed = withOverrides(look.analysis, overrides);
    if (!changed.ok) return changed;
    const sides = targetInputs(look);
    const before = judgeTogether(judge, sides);
    const after =
      overrides.length === 0
        ? before
        : judgeTogether(
            judge,
            sides.map(({ target, input }) => ({
              target,
              input: { ...input, analysis: changed.value },
            })),
          );
    replayed.push({ look, before, after });
  }
  return ok(replayed);
}

/** What the looks of one release come to: the first that ends it, or that it gets through. */
export interface Ending {
  readonly kind: 'turned_back' | 'paused' | 'passed';
  readonly look: StoredLook | null;
  readonly because: string;
}

/** How a release would have ended by these judgements, looked at in order. */
export function endingOf(
  replayed: readonly ReplayedLook[],
  of: (look: ReplayedLook) => Judgement,
): Ending {
  for (const one of replayed) {
    const judgement = of(one);
    if (judgement.phase === 'failed') {
      return { kind: 'turned_back', look: one.look, because: judgement.summary };
    }
    if (judgement.phase === 'inconclusive' || judgement.phase === 'error') {
      return { kind: 'paused', look: one.look, because: judgement.summary };
    }
  }
  return { kind: 'passed', look: null, because: replayed.at(-1)?.before.summary ?? 'no looks' };
}
