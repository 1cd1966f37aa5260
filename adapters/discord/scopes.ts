import type { RateScope } from '#ports/chat.ts';
import type { ChannelRef } from '#ports/gateway.ts';

/** Discord allows 50 requests a second over all; commands and reads of other processes share it. */
const global: RateScope = { scope: 'discord:global', capacity: 20, perSecond: 20 };

/**
 * The buckets of a call. Discord publishes none but answers with 5 in 5 s for creating and for
 * editing, per channel; a thread is a channel of its own. Answers to interactions are outside the
 * global limit.
 */
export function scopesOf(
  call: 'post' | 'edit' | 'reply',
  at: Pick<ChannelRef, 'channel' | 'thread'>,
): readonly RateScope[] {
  const where = at.thread ?? at.channel;
  const own = {
    scope: `discord:${call}:${where}`,
    capacity: 5,
    perSecond: call === 'edit' ? 0.67 : 0.9,
  };
  return call === 'reply' ? [own] : [own, global];
}

/** What a refusal for pace is charged to. */
export function refusedScope(
  call: 'post' | 'edit' | 'reply',
  at: Pick<ChannelRef, 'channel' | 'thread'>,
  everywhere: boolean,
): string {
  return everywhere ? global.scope : `discord:${call}:${at.thread ?? at.channel}`;
}
