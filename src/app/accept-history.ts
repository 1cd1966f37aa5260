import { type Actor, signalbox } from '#core/people.ts';
import type { Anchor } from '#ports/anchor.ts';
import type { Store } from '#ports/store.ts';
import type { Checkpoints } from './checkpoint.ts';

const stream = 'system:history';

/**
 * Lets Signalbox go on after it has halted, for instance because a backup was restored on purpose:
 * records who accepts the history as it is now, why, and what the anchors knew, and anchors that.
 * The checkpoints it contradicts stay where they were left, as evidence.
 */
export async function acceptHistory(options: {
  readonly store: Store;
  readonly checkpoints: Checkpoints;
  readonly anchors: readonly Anchor[];
  readonly by: Actor;
  readonly reason: string;
}): Promise<string | null> {
  const { store, checkpoints, anchors, by, reason } = options;
  const contradicted: { readonly anchor: string; readonly checkpoint: string | null }[] = [];
  for (const anchor of anchors) {
    contradicted.push({ anchor: anchor.name, checkpoint: await anchor.newest() });
  }
  await store.transact(async (tx) => {
    const record = await tx.streamForUpdate(stream);
    await tx.append({
      stream,
      kind: 'system',
      expectedVersion: record?.version ?? 0,
      events: [
        { actor: signalbox, body: { kind: 'history.accepted', ...{ by, reason, contradicted } } },
      ],
      row: {
        service: null,
        environment: null,
        phase: null,
        active: false,
        ended: false,
        wakeAt: null,
        state: {},
      },
    });
  });
  return checkpoints.make();
}
