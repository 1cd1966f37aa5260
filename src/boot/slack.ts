import type { Slack } from '#adapters/slack/index.ts';
import { SlackOptions } from '#adapters/slack/options.ts';
import { missingSecret, slackSecrets } from '#adapters/slack/secrets.ts';
import type { Configuration } from '#config.ts';
import type { ChartPainter } from '#ports/chart-painter.ts';
import { CannotStart } from './cannot-start.ts';
import type { Core } from './core.ts';

/**
 * Slack, when the settings name it; its SDK is loaded only then.
 * @throws CannotStart when a secret of it is missing
 */
export async function slackOf(configuration: Configuration, core: Core): Promise<Slack | null> {
  const named = configuration.settings.platforms['slack'];
  if (named === undefined) return null;
  const { world } = core;
  const options = SlackOptions.parse(named.options);
  const secrets = slackSecrets(configuration.environment);
  const missing = missingSecret(options.transport, secrets);
  if (missing !== null) {
    throw new CannotStart(
      `Slack over ${options.transport} needs ${missing} (or ${missing}_FILE): docs/slack.md says where it is.`,
    );
  }
  const { createSlack } = await import('#adapters/slack/index.ts');
  const slack = createSlack({
    options,
    secrets,
    settings: () => world.settings().settings,
    clock: world.clock,
    log: world.log,
    painter: paint,
  });
  core.join(slack.platform, slack.directory);
  return slack;
}

/** The painter is large, and most workspaces draw charts themselves: it is loaded when first needed. */
const paint: ChartPainter = async (chart) => {
  const { createChartPainter } = await import('#adapters/charts/chart-painter.ts');
  return createChartPainter()(chart);
};
