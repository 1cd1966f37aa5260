import type { Discord } from '#adapters/discord/index.ts';
import { DiscordOptions } from '#adapters/discord/options.ts';
import { discordSecrets, missingSecret } from '#adapters/discord/secrets.ts';
import type { Configuration } from '#config.ts';
import type { Grant } from '#core/people.ts';
import type { Settings } from '#core/settings/settings.ts';
import { CannotStart } from './cannot-start.ts';
import type { Core } from './core.ts';

type Place = Parameters<Discord['look']>[0][number];

/**
 * Discord, when the settings name it; its SDK is loaded only then.
 * @throws CannotStart when a secret of it is missing
 */
export async function discordOf(configuration: Configuration, core: Core): Promise<Discord | null> {
  const named = configuration.settings.platforms['discord'];
  if (named === undefined) return null;
  const options = DiscordOptions.parse(named.options);
  const secrets = discordSecrets(configuration.environment);
  const missing = missingSecret(options.transport, secrets);
  if (missing !== null) {
    throw new CannotStart(
      `Discord over ${options.transport} needs ${missing}: docs/discord.md says where it is.`,
    );
  }
  const [{ createDiscord }, { createChartPainter }] = await Promise.all([
    import('#adapters/discord/index.ts'),
    import('#adapters/charts/chart-painter.ts'),
  ]);
  const { clock, log } = core.world;
  const discord = createDiscord({
    options,
    secrets,
    paint: createChartPainter(),
    clock,
    log,
  });
  core.join(discord.platform, discord.directory);
  return discord;
}

/** Says at the start what is missing in Discord, and why it is needed. Nothing waits for it. */
export async function tellMissing(discord: Discord, { world }: Core): Promise<void> {
  try {
    const findings = await discord.look(discordPlaces(world.settings().settings));
    for (const { well, what, fix } of findings) {
      if (!well) world.log.warn('Something is missing in Discord', { what, fix });
    }
  } catch (error) {
    world.log.warn('Discord could not be asked what is missing there', { error });
  }
}

/** The channels of Discord that something is posted to: cards, and requests to approvers. */
export function discordPlaces(settings: Settings): readonly Place[] {
  const named = Object.values(settings.channels).flatMap(({ discord: at }) => at ?? []);
  const granting = discordGrants(settings).filter((grant) => grant.kind === 'channel');
  const places = new Map([...named, ...granting].map((at) => [at.channel, at]));
  return [...places.values()].map(({ tenant, channel }) => ({ tenant, channel }));
}

/** The grants of roles that Discord answers for. */
export function discordGrants(settings: Settings): readonly Exclude<Grant, { kind: 'people' }>[] {
  return Object.values(settings.roles)
    .flatMap(({ from }) => from)
    .filter((grant) => grant.kind !== 'people')
    .filter(({ platform }) => platform === 'discord');
}
