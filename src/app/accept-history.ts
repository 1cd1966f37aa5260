import type { Actor } from '#core/people.ts';
import type { Anchor } from '#ports/anchor.ts';
import type { Store } from '#ports/store.ts';
import type { Checkpoints } from './checkpoint.ts';
import { changeInstallationKeys, type InstallationKeys } from './installation.ts';
import { unplacedRow } from './unplaced-row.ts';

const stream = 'system:history';

/**
 * Lets Signalbox go on after it has halted or refused to start: because a backup was restored on
 * purpose, or because its keys were changed. Records who accepts the history as it is now, why, and
 * what the anchors knew, and anchors that. The checkpoints it contradicts stay where they were
 * left, as evidence. Returns the new checkpoint.
 */
export async function acceptHistory(options: {
  readonly store: Store;
  readonly checkpoints: Checkpoints;
  readonly anchors: readonly Anchor[];
  readonly keys: InstallationKeys;
  readonly by: Actor;
  readonly reason: string;
}): Promise<string | null> {
  const { store, checkpoints, anchors, keys, by, reason } = options;
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
      events: [{ actor: by, body: { kind: 'history.accepted', ...{ reason, contradicted } } }],
      row: unplacedRow({}),
    });
    await changeInstallationKeys(tx, keys, by);
  });
  return checkpoints.make();
}
