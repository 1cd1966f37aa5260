import type { Discord } from '#adapters/discord/index.ts';
import { DiscordOptions } from '#adapters/discord/options.ts';
import { discordSecrets } from '#adapters/discord/secrets.ts';
import type { Configuration } from '#config.ts';
import type { Core } from './core.ts';

/**
 * Discord, when the settings name it; its SDK is loaded only then.
 * @throws Error when a secret of it is missing
 */
export async function discordOf(configuration: Configuration, core: Core): Promise<Discord | null> {
  const named = configuration.settings.platforms['discord'];
  if (named === undefined) return null;
  const [{ createDiscord }, { createChartPainter }] = await Promise.all([
    import('#adapters/discord/index.ts'),
    import('#adapters/charts/chart-painter.ts'),
  ]);
  const { clock, log } = core.world;
  const discord = createDiscord({
    options: DiscordOptions.parse(named.options),
    secrets: discordSecrets(configuration.environment),
    paint: createChartPainter(),
    clock,
    log,
  });
  core.join(discord.platform, discord.directory);
  return discord;
}
