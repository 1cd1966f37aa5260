import type { Replaced } from '#core/cards/release-card.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import { readPlace } from './change-place.ts';

/** What took the place of a release that was live; null while it still runs, or never did. */
export async function replacedBy(tx: Transaction, state: RolloutState): Promise<Replaced | null> {
  if (state.phase !== 'succeeded') return null;
  const { settled } = await readPlace(tx, state.service, state.environment);
  const own = settled.findIndex(({ rollout }) => rollout === state.id);
  const next = own < 1 ? undefined : settled[own - 1];
  return next === undefined
    ? null
    : { rollout: next.rollout, version: next.artifact.version, at: next.at };
}
