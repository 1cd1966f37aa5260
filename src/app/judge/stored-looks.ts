import { pastRollouts } from '#app/past-rollouts.ts';
import { decodeLook, lookByTarget, type StoredLook } from '#core/analysis/stored.ts';
import type { RolloutId } from '#core/ids.ts';
import type { Store } from '#ports/store.ts';

/** The looks of a rollout as they were stored, by step and time; texts of older formats are left out. */
export async function storedLooks(
  store: Store,
  rollout: RolloutId,
): Promise<readonly StoredLook[]> {
  const rows = await store.transact((tx) => tx.samplesOf(rollout));
  return rows
    .flatMap(({ json }) => decodeLook(json) ?? [])
    .toSorted((a, b) => a.step - b.step || a.at - b.at);
}

/**
 * The last look of each step of a rollout, in order: it holds all samples of the step, and the many
 * before it need not be read. Their ids end in step, attempt and look.
 */
export async function lastLooks(store: Store, rollout: RolloutId): Promise<readonly StoredLook[]> {
  const rows = await store.transact((tx) => tx.samplesOf(rollout));
  const last = Map.groupBy(rows, ({ id }) => id.split('/').at(-3));
  return [...last.values()]
    .flatMap((looks) => looks.toSorted((a, b) => orderOf(a.id) - orderOf(b.id)).at(-1) ?? [])
    .flatMap(({ json }) => decodeLook(json) ?? [])
    .toSorted((a, b) => a.step - b.step);
}

/** By attempt, and by look within one. */
function orderOf(id: string): number {
  const [attempt = 0, look = 0] = id.split('/').slice(-2).map(Number);
  return attempt * 1_000_000 + look;
}

/** The looks of each step at each target on its own, in order. */
export function byStep(looks: readonly StoredLook[]): readonly (readonly StoredLook[])[] {
  const apart = looks.flatMap(lookByTarget);
  return [...Map.groupBy(apart, ({ step, target }) => `${step} ${target ?? ''}`).values()];
}

/** The looks of the last rollouts of a service that have ended, newest first; those with any. */
export async function looksOfLast(
  store: Store,
  service: string,
  count: number,
): Promise<readonly { readonly rollout: RolloutId; readonly looks: readonly StoredLook[] }[]> {
  const states = await store.transact((tx) =>
    pastRollouts(tx, { service, ended: true, limit: count }),
  );
  const found: { rollout: RolloutId; looks: readonly StoredLook[] }[] = [];
  for (const { id } of states) {
    const looks = await storedLooks(store, id);
    if (looks.length > 0) found.push({ rollout: id, looks });
  }
  return found;
}
