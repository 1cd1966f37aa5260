import type { Configuration } from '#config.ts';
import type { Core } from './core.ts';

/** What a person sees when Signalbox has started. */
export async function welcome(
  url: string,
  core: Core,
  configuration: Configuration,
): Promise<string> {
  const command = configuration.settings.command;
  const lines = [
    '',
    `  Signalbox is at ${url}`,
    '',
    `  settings   ${configuration.file}`,
    `  data       ${core.storage.where}`,
  ];
  if (core.storage.embedded) {
    lines.push(
      '             safe against a crash; a power cut may lose the last seconds (use DATABASE_URL for production)',
    );
  }
  if (!configuration.demo) {
    if (nobodyCanEnter(configuration)) {
      lines.push(
        '',
        '  Nobody can come in yet: neither a sign-in nor a token nor a chat platform is configured.',
        '  A sign-in and chat platforms: docs/console.md, docs/slack.md, docs/discord.md.',
        '  A token for the command line: npx signalbox token USER',
      );
    }
    return `${lines.join('\n')}\n\n`;
  }
  lines.push(
    '',
    '  This is the demo. Open the page and try, in the channel releases:',
    '',
    `    as Ada     /${command} deploy shop v2     a good release`,
    '    as Grace   press Approve                and watch the canary',
    `    as Ada     /${command} deploy shop v3     a bad one: see it rolled back`,
    '',
    `  The same from a shell:  npx signalbox ${command} status`,
    '  The proof of it all:    npx signalbox audit verify',
    '',
  );
  return `${lines.join('\n')}\n`;
}

/** Outside the demo there are no personas: without one of these the page opens for nobody. */
function nobodyCanEnter({ settings, environment }: Configuration): boolean {
  const others = Object.keys(settings.platforms).some((name) => name !== 'console');
  const signIn = settings.platforms['console']?.options['oidc'] !== undefined;
  return !others && !signIn && environment.SIGNALBOX_API_TOKENS === undefined;
}
