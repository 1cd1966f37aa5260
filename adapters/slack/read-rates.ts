import type { Rate } from '#core/delivery/bucket.ts';

/**
 * Calls a minute of the methods that only look, as Slack promises them to an app in a workspace
 * (docs.slack.dev/apis/web-api/rate-limits): tier 2 is 20, tier 3 is 50, tier 4 is 100.
 */
const perMinute = {
  'auth.test': 100,
  'conversations.history': 50,
  'conversations.info': 50,
  'conversations.members': 100,
  'conversations.open': 50,
  'conversations.replies': 50,
  'files.info': 100,
  'usergroups.list': 20,
  'usergroups.users.list': 20,
  'users.info': 100,
} as const;

/** A method of the Web API that only looks, or that may be repeated like one. */
export type ReadMethod = keyof typeof perMinute;

/** A little below the promise; the burst that Slack takes beyond it is not published. */
export function readRate(method: ReadMethod): Rate {
  const calls = perMinute[method];
  return { scope: method, capacity: calls > 20 ? 8 : 4, perSecond: (calls * 0.9) / 60 };
}
