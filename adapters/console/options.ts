import { z } from 'zod';

/** A channel of the console's own chat. */
export const ConsoleChannel = z.strictObject({
  topic: z.string().max(200).default(''),
  /** Console user ids. Whoever is listed may read, write, and holds what roles grant to the channel. */
  members: z.array(z.string().min(1).max(64)).default([]),
  /** Groups of the OIDC issuer whose holders are members too. */
  groups: z.array(z.string().min(1)).default([]),
  /** Everybody who signed in may read and write. An open channel grants nothing. */
  open: z.boolean().default(false),
});
export type ConsoleChannel = z.infer<typeof ConsoleChannel>;

/** How people sign in through an OpenID Connect issuer. The client secret comes from the environment. */
export const OidcOptions = z.strictObject({
  issuer: z.url(),
  clientId: z.string().min(1),
  scopes: z.array(z.string()).default(['openid', 'profile']),
  /** The claim that becomes the console user id: it must never change for a person. */
  userClaim: z.string().default('sub'),
  nameClaim: z.string().default('name'),
  groupsClaim: z.string().default('groups'),
});
export type OidcOptions = z.infer<typeof OidcOptions>;

/** Something for a newcomer to try, in the demo. */
export const GuideStep = z.strictObject({
  /** The console user id of whoever does it. */
  as: z.string().min(1).max(64),
  /** What to do, in a few words. */
  text: z.string().min(1).max(80),
  /** What to type, without the slash; absent where a button is pressed. */
  command: z.string().min(1).max(200).optional(),
});
export type GuideStep = z.infer<typeof GuideStep>;

/** `platforms.console.options` of the settings. */
export const ConsoleOptions = z.strictObject({
  channels: z.record(z.string(), ConsoleChannel).default({}),
  /** What stands under a person's name, by console user id. For people to read; grants nothing. */
  titles: z.record(z.string(), z.string().max(60)).default({}),
  /** Steps that a demo shows to newcomers. */
  guide: z.array(GuideStep).max(6).default([]),
  oidc: OidcOptions.optional(),
  /** A session ends after this many hours; group membership is as old as the sign-in. */
  sessionHours: z.number().positive().max(168).default(8),
});
export type ConsoleOptions = z.infer<typeof ConsoleOptions>;
