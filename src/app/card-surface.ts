import type { RolloutId } from '#core/ids.ts';
import type { ChannelRef } from '#ports/gateway.ts';

/** Everything that is shown of a rollout in a channel begins with this. */
export function surfacePrefix(rollout: RolloutId, channel: ChannelRef): string {
  return `rollout:${rollout}:${channel.platform}:${channel.tenant}:${channel.channel}`;
}

/** The rollout that a surface shows; null when it shows something else. */
export function rolloutOfSurface(surface: string): RolloutId | null {
  const [kind, rollout] = surface.split(':');
  return kind === 'rollout' && rollout !== undefined ? rollout : null;
}

/** The group of alerts that a surface shows; null when it shows something else. */
export function alertOfSurface(surface: string): string | null {
  const [kind, group] = surface.split(':');
  return kind === 'alert' && group !== undefined ? group : null;
}
