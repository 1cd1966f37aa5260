import {
  lostSourceView,
  type RoleSource,
  restoredSourceView,
} from '#core/cards/role-source-view.ts';
import type { Instant } from '#core/ids.ts';
import type { View } from '#core/message.ts';
import { type Grant, grantKey } from '#core/people.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import type { Transaction } from '#ports/store.ts';
import { isConfigured, refsOf } from './rollout/channels-of.ts';
import { tellChannel } from './tell-channel.ts';
import type { World } from './world.ts';

type Needs = Pick<World, 'settings' | 'directory' | 'store' | 'clock' | 'crypto' | 'pokeDelivery'>;
type Source = Exclude<Grant, { readonly kind: 'people' }>;

/** Each source is asked this often, in milliseconds. */
const everyMs = 120_000;
const dayMs = 86_400_000;

/**
 * Tells people when a channel or group that grants roles stops to, because somebody made it public,
 * shared or archived it: in the channel of the audit, else in those of the environments concerned.
 * Once a day while it lasts, whoever looks; the message says so when it counts again. A platform
 * that does not answer is no news. Decisions never wait for this: each asks for itself.
 */
export function watchRoleSources(world: Needs): () => Promise<void> {
  let next = 0;
  return async () => {
    if (world.clock.now() < next) return;
    next = world.clock.now() + everyMs;
    const { settings } = world.settings();
    for (const { grant, roles } of sourcesOf(settings)) {
      const validity = await world.directory(grant.platform)?.validateGrant(grant);
      if (validity === undefined || validity.unsure === true) continue;
      const source = { kind: grant.kind, id: idOf(grant), roles };
      const view = validity.usable ? null : lostSourceView(source, validity.because);
      await world.store.transact((tx) => tell(tx, world, grant, source, view));
    }
  };
}

async function tell(
  tx: Transaction,
  world: Needs,
  grant: Source,
  source: RoleSource,
  lost: View | null,
): Promise<void> {
  const { settings } = world.settings();
  for (const channel of channelsFor(settings, source.roles)) {
    const place = `${channel.platform}:${channel.tenant}/${channel.channel}`;
    const id = `source:${grantKey(grant)}:${place}:${dayOf(tx.now)}`;
    const told = await tx.surface(id);
    if (lost === null && told === null) continue;
    const view = lost ?? restoredSourceView(source);
    await tellChannel(tx, world.crypto.sha256, channel, { id, urgency: 1, view, final: true });
    world.pokeDelivery();
  }
}

/** The channel of the audit; without one, those of the environments in which the roles count. */
function channelsFor(settings: Settings, roles: readonly string[]): readonly ChannelRef[] {
  const { channel } = settings.audit;
  const everywhere = Object.keys(settings.environments);
  const names =
    channel !== undefined
      ? [channel]
      : roles
          .flatMap((role) => settings.roles[role]?.environments ?? everywhere)
          .flatMap((environment) => settings.environments[environment]?.channel ?? []);
  return [...new Set(names)]
    .flatMap((name) => refsOf(settings.channels[name]))
    .filter(({ platform }) => isConfigured(settings, platform));
}

/** Every source once, with the roles that rest on it. */
function sourcesOf(
  settings: Settings,
): readonly { readonly grant: Source; readonly roles: readonly string[] }[] {
  const sources = new Map<string, { grant: Source; roles: readonly string[] }>();
  for (const [role, { from }] of Object.entries(settings.roles)) {
    for (const grant of from) {
      if (grant.kind === 'people') continue;
      const known = sources.get(grantKey(grant));
      sources.set(grantKey(grant), { grant, roles: [...(known?.roles ?? []), role] });
    }
  }
  return [...sources.values()];
}

function idOf(grant: Source): string {
  return grant.kind === 'channel' ? grant.channel : grant.group;
}

function dayOf(instant: Instant): number {
  return Math.floor(instant / dayMs);
}
