import { z } from 'zod';

/** How one inbound is answered; kept with it, so it is plain data. */
export const ReplyTo = z.strictObject({
  tenant: z.string(),
  /** Null where a person acted outside a channel (App Home). */
  channel: z.string().nullable(),
  thread: z.string().nullable(),
  user: z.string(),
  /** Slack's own address for answers; null when there is none. */
  responseUrl: z.string().nullable(),
  /** When the address stops working, in milliseconds of the epoch. */
  until: z.number(),
});
export type ReplyTo = z.infer<typeof ReplyTo>;

/** Slack takes answers at a `response_url` for 30 minutes; one minute is left for the way. */
export const responseUrlLifeMs = 29 * 60_000;

/** Slack's own hosts; anything else in this place would be a request to somewhere else. */
const responseHosts = new Set(['hooks.slack.com', 'hooks.slack-gov.com']);

/** True when the address is one of Slack's: exact host, https, no credentials, the usual port. */
export function isResponseUrl(url: string, api: string): boolean {
  if (!URL.canParse(url)) return false;
  const given = new URL(url);
  if (given.username !== '' || given.password !== '') return false;
  // Another Web API than Slack's own answers for itself.
  if (given.origin === new URL(api).origin) return true;
  return given.protocol === 'https:' && given.port === '' && responseHosts.has(given.hostname);
}
