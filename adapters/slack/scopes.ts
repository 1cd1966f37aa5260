import type { RateScope } from '#ports/chat.ts';
import type { ChannelRef } from '#ports/gateway.ts';

/**
 * Slack's tiers (docs.slack.dev/apis/web-api/rate-limits) as buckets, a little below what they
 * guarantee: `chat.postMessage` one a second per channel and several hundred a minute per workspace,
 * `chat.update` 50 a minute for the whole workspace, `chat.postEphemeral` 100 a minute.
 */
export function scopesOf(
  call: 'post' | 'edit' | 'reply',
  { tenant, channel }: Pick<ChannelRef, 'tenant' | 'channel'>,
): readonly RateScope[] {
  switch (call) {
    case 'post':
      return [
        { scope: `slack:${tenant}:chat.postMessage:${channel}`, capacity: 1, perSecond: 1 },
        { scope: `slack:${tenant}:chat.postMessage`, capacity: 20, perSecond: 4 },
      ];
    case 'edit':
      return [{ scope: `slack:${tenant}:chat.update`, capacity: 5, perSecond: 45 / 60 }];
    case 'reply':
      return [{ scope: `slack:${tenant}:chat.postEphemeral`, capacity: 10, perSecond: 90 / 60 }];
  }
}

/** The narrowest bucket of a call: what a refusal for pace is charged to. */
export function narrowScope(
  call: 'post' | 'edit' | 'reply',
  at: Pick<ChannelRef, 'tenant' | 'channel'>,
): string {
  return scopesOf(call, at)[0]?.scope ?? '';
}
