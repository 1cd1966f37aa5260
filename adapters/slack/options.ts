import { z } from 'zod';

/** `platforms.slack.options`. Secrets come from the environment, never from the settings file. */
export const SlackOptions = z.strictObject({
  transport: z
    .enum(['socket', 'http'])
    .default('socket')
    .describe('How Slack reaches Signalbox: Socket Mode (no open port), or signed HTTP requests.'),
  connections: z
    .int()
    .min(1)
    .max(10)
    .default(2)
    .describe('Socket Mode connections; Slack closes each every few hours, so keep two or more.'),
  path: z
    .string()
    .regex(/^\/[a-z0-9/_-]*[a-z0-9]$/)
    .default('/slack/events')
    .describe('The one path of all HTTP requests of Slack.'),
  charts: z
    .enum(['native', 'image', 'text'])
    .default('native')
    .describe(
      '`native` falls back to pictures where a workspace has no charts yet, and to tables where it takes none.',
    ),
  orgShared: z
    .boolean()
    .default(false)
    .describe('Whether channels shared within an Enterprise Grid organisation may grant roles.'),
  api: z
    .url({ protocol: /^https?$/ })
    .default('https://slack.com/api/')
    .describe('The Web API; another address for GovSlack (https://slack-gov.com/api/).'),
});
export type SlackOptions = z.infer<typeof SlackOptions>;
