import type { RolloutState } from '#core/rollout/state.ts';
import type { Reader } from '#ports/reader.ts';
import type { Transaction } from '#ports/store.ts';
import type { StreamQuery } from '#ports/streams.ts';
import { rolloutStream } from './rollout/rollout-stream.ts';
import { readRollout } from './rollout/trust-boundary.ts';

/** Rollouts that are read at a time, and at most, when a text is looked for. */
const pageSize = 200;
const pagesAtMost = 20;

/** Rollouts, ended and open, newest first. A text is looked for in the newest 4,000 of them. */
export async function pastRollouts(
  tx: Transaction,
  query: Parameters<Reader['rollouts']>[0],
): Promise<readonly RolloutState[]> {
  const { text, beforeId, limit, ...rest } = query;
  const wanted = text?.trim().toLowerCase() ?? '';
  if (wanted === '') return page(tx, { ...rest, limit }, beforeId);
  const found: RolloutState[] = [];
  let before = beforeId;
  for (let at = 0; at < pagesAtMost && found.length < limit; at += 1) {
    const states = await page(tx, { ...rest, limit: pageSize }, before);
    found.push(...states.filter((state) => mentions(state, wanted)));
    before = states.at(-1)?.id;
    if (states.length < pageSize) break;
  }
  return found.slice(0, limit);
}

async function page(
  tx: Transaction,
  query: Omit<StreamQuery, 'kind' | 'beforeId'>,
  beforeId: string | undefined,
): Promise<readonly RolloutState[]> {
  const records = await tx.streams({
    kind: 'rollout',
    newestFirst: true,
    ...query,
    ...(beforeId === undefined ? {} : { beforeId: rolloutStream(beforeId) }),
  });
  return records.map(({ row }) => readRollout(row.state));
}

function mentions(state: RolloutState, wanted: string): boolean {
  const { id, service, environment, artifact, reason, requester } = state;
  const texts = [id, service, environment, artifact.version, reason, requester.displayName];
  return texts.some((one) => one.toLowerCase().includes(wanted));
}
