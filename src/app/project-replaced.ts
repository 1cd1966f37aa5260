import { canonicalJson } from '#core/canonical.ts';
import { releaseCard } from '#core/cards/release-card.ts';
import { nextCall } from '#core/delivery/next-call.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';
import { cardContext } from './card-actions.ts';
import { surfacePrefix } from './card-surface.ts';
import { readPlace } from './change-place.ts';
import { replacedBy } from './replaced-by.ts';
import { channelsOf } from './rollout/channels-of.ts';
import { rolloutReads } from './rollout/rollout-reads.ts';
import type { World } from './world.ts';

/** Who looks for an older card looks for what runs instead. */
const recentMs = 7 * 86_400_000;

/** When a release is live, the card of the one before says that it is not, and offers nothing. */
export async function projectReplaced(
  tx: Transaction,
  world: World,
  state: RolloutState,
  events: readonly RolloutEvent[],
): Promise<void> {
  if (!events.some(({ kind }) => kind === 'rollout.succeeded')) return;
  const { settled } = await readPlace(tx, state.service, state.environment);
  const former = settled.find(({ rollout }) => rollout !== state.id);
  if (former === undefined || tx.now - former.at > recentMs) return;
  const before = await rolloutReads.read(tx, former.rollout);
  const replaced = before === null ? null : await replacedBy(tx, before);
  if (before === null || replaced === null) return;
  const view = releaseCard(before, cardContext(world, tx.now), replaced);
  const hash = world.crypto.sha256(canonicalJson(view));
  for (const channel of channelsOf(world, before)) {
    const id = `${surfacePrefix(before.id, channel)}:card`;
    const shown = await tx.surface(id);
    // Where it was never shown, or cannot be edited any more, nothing new is said of something old.
    const limit = world.platform(channel.platform)?.capabilities.editAgeMaxMs ?? null;
    if (
      shown === null ||
      nextCall({ ...shown, desiredHash: hash }, null, limit, tx.now).kind === 'reanchor'
    )
      continue;
    await tx.desire({
      id,
      channel,
      parent: null,
      account: null,
      urgency: 3,
      view,
      hash,
      final: true,
    });
  }
}
