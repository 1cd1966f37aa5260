import { DiscordOptions } from '#adapters/discord/options.ts';
import { discordSecrets } from '#adapters/discord/secrets.ts';
import { createLog } from '#adapters/system/log.ts';
import * as commands from '#commands/index.ts';
import { badConfigurationExit, loadConfiguration } from '#config.ts';
import { Fault } from '#core/fault.ts';

/** `signalbox discord register`: makes the slash command known to every server of the settings. */
export async function discord(words: readonly string[]): Promise<number> {
  if (words[0] !== 'register') {
    process.stderr.write('Try: signalbox discord register\n');
    return 2;
  }
  const configuration = loadConfiguration();
  if (!configuration.ok) {
    process.stderr.write(`${configuration.report}\n`);
    return badConfigurationExit;
  }
  const { settings, environment } = configuration.value;
  const named = settings.platforms['discord'];
  if (named === undefined) {
    process.stderr.write('The settings name no platforms.discord\n');
    return badConfigurationExit;
  }
  const { register } = await import('#adapters/discord/index.ts');
  try {
    const done = await register({
      options: DiscordOptions.parse(named.options),
      secrets: discordSecrets(environment),
      command: settings.command,
      commands: Object.values(commands),
      clock: { now: Date.now },
      log: createLog({ level: 'silent' }),
    });
    for (const { guild, changed } of done) {
      process.stdout.write(`${guild}: ${changed ? 'registered' : 'already the same'}\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof Fault) && !(error instanceof Error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
