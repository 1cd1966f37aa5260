import { z } from 'zod';

const Snowflake = z.string().regex(/^\d{17,20}$/, 'an id of Discord: 17 to 20 digits');

/** `platforms.discord.options`. Secrets come from the environment, never from the settings file. */
export const DiscordOptions = z.strictObject({
  guilds: z
    .array(Snowflake)
    .min(1)
    .describe('Ids of the servers that Signalbox serves; everything from elsewhere is refused.'),
  transport: z
    .enum(['gateway', 'http'])
    .default('gateway')
    .describe('How Discord reaches Signalbox: a WebSocket (no open port), or signed requests.'),
  path: z
    .string()
    .regex(/^\/[a-z0-9/_-]*[a-z0-9]$/)
    .default('/discord/interactions')
    .describe('The path of the interactions endpoint.'),
  shards: z
    .union([z.literal('auto'), z.int().min(1).max(64)])
    .default('auto')
    .describe('Connections to the gateway; `auto` takes as many as Discord recommends.'),
  memberEvents: z
    .boolean()
    .default(false)
    .describe(
      'Forget cached memberships at once when members change. Needs the privileged Server Members Intent; decisions ask anew without it.',
    ),
  charts: z
    .enum(['image', 'text'])
    .default('image')
    .describe('Metrics as a picture beside the table, or as the table alone.'),
  pictureEvery: z
    .int()
    .min(30)
    .max(60)
    .default(30)
    .describe('Seconds between two drawings of one picture.'),
  requestsPerSecond: z
    .int()
    .min(10)
    .max(10_000)
    .default(50)
    .describe('What Discord allows the bot over all; it allows more to large ones, on request.'),
  api: z
    .url({ protocol: /^https?$/ })
    .default('https://discord.com/api')
    .describe('The REST API, without the version.'),
});
export type DiscordOptions = z.infer<typeof DiscordOptions>;
