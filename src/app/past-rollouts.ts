import type { RolloutState } from '#core/rollout/state.ts';
import type { Reader } from '#ports/reader.ts';
import type { Transaction } from '#ports/store.ts';
import { rolloutStream } from './rollout/rollout-stream.ts';
import { readRollout } from './rollout/trust-boundary.ts';

/** Rollouts, ended and open, newest first. */
export async function pastRollouts(
  tx: Transaction,
  query: Parameters<Reader['rollouts']>[0],
): Promise<readonly RolloutState[]> {
  const { beforeId, ...rest } = query;
  const records = await tx.streams({
    kind: 'rollout',
    newestFirst: true,
    ...rest,
    ...(beforeId === undefined ? {} : { beforeId: rolloutStream(beforeId) }),
  });
  return records.map(({ row }) => readRollout(row.state));
}
