import type { RateScope } from '#ports/chat.ts';
import type { ChannelRef } from '#ports/gateway.ts';

const everywhere = 'discord:global';
/** Of what is allowed over all; the rest is for commands, and for other processes. */
const share = 0.4;

/**
 * The buckets of a call. Discord publishes none but answers with 5 in 5 s for creating and for
 * editing, per channel; a thread is a channel of its own. Answers to interactions are outside the
 * global limit.
 */
export function scopesOf(
  call: 'post' | 'edit' | 'reply',
  at: Pick<ChannelRef, 'channel' | 'thread'>,
  requestsPerSecond: number,
): readonly RateScope[] {
  const where = at.thread ?? at.channel;
  const own = {
    scope: `discord:${call}:${where}`,
    capacity: 5,
    perSecond: call === 'edit' ? 0.67 : 0.9,
  };
  if (call === 'reply') return [own];
  const most = share * requestsPerSecond;
  return [own, { scope: everywhere, capacity: most, perSecond: most }];
}

/** What a refusal for pace is charged to. */
export function refusedScope(
  call: 'post' | 'edit' | 'reply',
  at: Pick<ChannelRef, 'channel' | 'thread'>,
  global: boolean,
): string {
  return global ? everywhere : `discord:${call}:${at.thread ?? at.channel}`;
}
