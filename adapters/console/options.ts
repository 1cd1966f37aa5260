import { z } from 'zod';

const User = z.string().min(1).max(64);

/** A channel of the console's own chat. */
export const ConsoleChannel = z.strictObject({
  topic: z.string().max(200).default('').describe('What stands beside its name.'),
  members: z
    .array(User)
    .default([])
    .describe(
      'Console user ids. Whoever is listed may read, write, and holds what roles grant to the channel.',
    ),
  groups: z
    .array(z.string().min(1))
    .default([])
    .describe('Groups of the OIDC issuer whose holders are members, too.'),
  open: z
    .boolean()
    .default(false)
    .describe('Everybody who signed in may read and write. An open channel grants nothing.'),
});
export type ConsoleChannel = z.infer<typeof ConsoleChannel>;

/** After a week even a session that nobody ended is over. */
export const longestSessionHours = 168;

/** How people sign in through an OpenID Connect issuer. The client secret comes from the environment. */
export const OidcOptions = z.strictObject({
  issuer: z.url().describe('Its address; the rest is found through its discovery document.'),
  clientId: z.string().min(1).describe('The id of the console as a client there.'),
  scopes: z.array(z.string()).default(['openid', 'profile']).describe('What is asked for.'),
  userClaim: z
    .string()
    .default('sub')
    .describe('The claim that becomes the console user id: it must never change for a person.'),
  nameClaim: z.string().default('name').describe('The claim with the name that others see.'),
  groupsClaim: z.string().default('groups').describe('The claim with the list of groups.'),
});
export type OidcOptions = z.infer<typeof OidcOptions>;

/** Something for a newcomer to try, in the demo. */
export const GuideStep = z.strictObject({
  as: User.describe('The console user id of whoever does it.'),
  text: z.string().min(1).max(80).describe('What to do, in a few words.'),
  command: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('What to type, without the slash; absent where a button is pressed.'),
});
export type GuideStep = z.infer<typeof GuideStep>;

/** `platforms.console.options` of the settings. */
export const ConsoleOptions = z.strictObject({
  channels: z
    .record(z.string(), ConsoleChannel)
    .default({})
    .describe('Channels by id. Those that `channels` of the settings name are open unless here.'),
  titles: z
    .record(z.string(), z.string().max(60))
    .default({})
    .describe('What stands under a name, by console user id. For people to read; grants nothing.'),
  guide: z.array(GuideStep).max(6).default([]).describe('Steps that a demo shows to newcomers.'),
  oidc: OidcOptions.optional().describe('How people sign in; absent: API tokens alone.'),
  sessionHours: z
    .number()
    .positive()
    .max(longestSessionHours)
    .default(8)
    .describe('A session ends after this many hours; group membership is as old as the sign-in.'),
});
export type ConsoleOptions = z.infer<typeof ConsoleOptions>;

/** The channels that can grant a role, and how many people can be in each: more where groups are asked. */
export function grantingChannels(options: unknown): ReadonlyMap<string, number> {
  const read = ConsoleOptions.safeParse(options);
  const channels = read.success ? Object.entries(read.data.channels) : [];
  return new Map(
    channels
      .filter(([, { open }]) => !open)
      .map(([id, { members, groups }]) => [
        id,
        groups.length > 0 ? Number.POSITIVE_INFINITY : new Set(members).size,
      ]),
  );
}
