import { z } from 'zod';
import type { World } from '#app/world.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Channel, Settings } from '#core/settings/settings.ts';
import type { ChannelRef } from '#ports/gateway.ts';

const Origin = z.object({ platform: z.string(), tenant: z.string(), channel: z.string() });

/**
 * Where a rollout is told: the channel of its environment on every configured platform, and the
 * channel where it was asked for.
 */
export function channelsOf(world: World, state: RolloutState): readonly ChannelRef[] {
  const { settings } = world.settings();
  const name = settings.environments[state.environment]?.channel ?? '';
  const named = refsOf(settings.channels[name]);
  const origin = Origin.safeParse(state.origin);
  const asked = origin.success ? [{ ...origin.data, thread: null }] : [];
  const all = [...named, ...asked].filter(({ platform }) => isConfigured(settings, platform));
  return all.filter(
    (one, index) =>
      all.findIndex(
        (other) =>
          other.platform === one.platform &&
          other.tenant === one.tenant &&
          other.channel === one.channel,
      ) === index,
  );
}

/** The console is always on; other platforms are on when the settings name them. */
export function isConfigured(settings: Settings, platform: string): boolean {
  return platform === 'console' || settings.platforms[platform] !== undefined;
}

/** A channel of the settings as each platform knows it. */
export function refsOf(channel: Channel | undefined): readonly ChannelRef[] {
  if (channel === undefined) return [];
  const { console, slack, discord } = channel;
  return [
    ...(console === undefined
      ? []
      : [{ platform: 'console', tenant: 'console', channel: console, thread: null }]),
    ...(slack === undefined ? [] : [{ platform: 'slack', ...slack, thread: null }]),
    ...(discord === undefined ? [] : [{ platform: 'discord', ...discord, thread: null }]),
  ];
}
