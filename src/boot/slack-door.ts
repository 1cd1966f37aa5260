import { manifest } from '#adapters/slack/manifest.ts';
import { SlackOptions } from '#adapters/slack/options.ts';
import { slackSecrets } from '#adapters/slack/secrets.ts';
import { createLog } from '#adapters/system/log.ts';
import * as commands from '#commands/index.ts';
import { badConfigurationExit, type Configuration, loadConfiguration } from '#config.ts';
import { tellFindings } from './tell-findings.ts';

/** `signalbox slack manifest`: what to paste at api.slack.com/apps. */
export async function slack(words: readonly string[]): Promise<number> {
  if (words[0] !== 'manifest') {
    process.stderr.write('Try: signalbox slack manifest\n');
    return 2;
  }
  const configuration = loaded();
  if (configuration === null) return badConfigurationExit;
  const { settings } = configuration;
  if (optionsOf(configuration).transport === 'http' && settings.publicUrl === undefined) {
    process.stderr.write(
      'Over HTTP Slack has to reach Signalbox: set publicUrl in the settings to the address that the internet knows it by.\n',
    );
    return badConfigurationExit;
  }
  const made = manifest({
    commands: Object.values(commands),
    command: settings.command,
    publicUrl: settings.publicUrl ?? null,
    options: optionsOf(configuration),
  });
  process.stdout.write(`${JSON.stringify(made, null, 2)}\n`);
  return 0;
}

/** `signalbox doctor slack`: asks Slack about everything the settings rely on. Exit code 1 when something is not well. */
export async function doctor(words: readonly string[]): Promise<number> {
  if (words[0] !== 'slack') {
    process.stderr.write('Try: signalbox doctor slack | discord | metrics\n');
    return 2;
  }
  const configuration = loaded();
  if (configuration === null) return badConfigurationExit;
  const { settings, environment } = configuration;
  const channels = Object.values(settings.channels).flatMap(({ slack: at }) => at ?? []);
  const grants = Object.values(settings.roles)
    .flatMap(({ from }) => from)
    .filter((grant) => grant.kind !== 'people')
    .filter(({ platform }) => platform === 'slack');
  const { examine } = await import('#adapters/slack/index.ts');
  const findings = await examine({
    options: optionsOf(configuration),
    secrets: slackSecrets(environment),
    channels,
    grants,
    now: Date.now,
    log: createLog({ level: 'silent' }),
  });
  return tellFindings(findings);
}

function loaded(): Configuration | null {
  const configuration = loadConfiguration();
  if (configuration.ok) return configuration.value;
  process.stderr.write(`${configuration.report}\n`);
  return null;
}

function optionsOf({ settings }: Configuration): SlackOptions {
  return SlackOptions.parse(settings.platforms['slack']?.options ?? {});
}
