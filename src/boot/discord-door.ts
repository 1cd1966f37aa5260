import { DiscordOptions } from '#adapters/discord/options.ts';
import { discordSecrets } from '#adapters/discord/secrets.ts';
import { createLog } from '#adapters/system/log.ts';
import * as commands from '#commands/index.ts';
import { badConfigurationExit, loadConfiguration } from '#config.ts';
import { discordGrants, discordPlaces } from './discord.ts';
import { tellFindings } from './tell-findings.ts';

/** `signalbox discord register`: makes the slash command known to every server of the settings. */
export async function discord(words: readonly string[]): Promise<number> {
  if (words[0] !== 'register') {
    process.stderr.write('Try: signalbox discord register\n');
    return 2;
  }
  const parts = asked();
  if (parts === null) return badConfigurationExit;
  const { register } = await import('#adapters/discord/index.ts');
  try {
    for (const { guild, changed } of await register(parts)) {
      process.stdout.write(`${guild}: ${changed ? 'registered' : 'already the same'}\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\nTry: signalbox doctor discord\n`);
    return 1;
  }
}

/** `signalbox doctor discord`: asks Discord about everything the settings rely on. */
export async function doctorDiscord(): Promise<number> {
  const parts = asked();
  if (parts === null) return badConfigurationExit;
  const { settings, ...question } = parts;
  const { examine } = await import('#adapters/discord/index.ts');
  const channels = discordPlaces(settings);
  return tellFindings(await examine({ ...question, channels, grants: discordGrants(settings) }));
}

/** What both need; null, with a word about why, where the settings are of no use. */
function asked() {
  const configuration = loadConfiguration();
  if (!configuration.ok) {
    process.stderr.write(`${configuration.report}\n`);
    return null;
  }
  const { settings, environment } = configuration.value;
  const named = settings.platforms['discord'];
  if (named === undefined) {
    process.stderr.write('The settings name no platforms.discord\n');
    return null;
  }
  return {
    settings,
    options: DiscordOptions.parse(named.options),
    secrets: discordSecrets(environment),
    command: settings.command,
    commands: Object.values(commands),
    clock: { now: Date.now },
    log: createLog({ level: 'silent' }),
  };
}
