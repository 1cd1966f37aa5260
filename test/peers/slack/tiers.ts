/**
 * Slack's published pace as token buckets: each method in the workspace, `chat.postMessage` in each
 * channel and in the workspace. The burst that Slack tolerates is not published: it is small here.
 */
const perMinute: Readonly<Record<string, number>> = {
  'chat.update': 50,
  'chat.delete': 50,
  'chat.postEphemeral': 100,
  'chat.unfurl': 50,
  'conversations.members': 100,
  'conversations.info': 50,
  'conversations.history': 50,
  'conversations.replies': 50,
  'conversations.open': 50,
  'users.info': 100,
  'usergroups.list': 20,
  'usergroups.users.list': 20,
  'views.open': 100,
  'views.publish': 100,
  'apps.connections.open': 50,
  'files.getUploadURLExternal': 100,
  'files.completeUploadExternal': 100,
  'files.info': 100,
  'files.delete': 50,
};

interface Bucket {
  tokens: number;
  at: number;
}

export interface Tiers {
  /** Seconds to wait, or 0 when the call is within its pace. */
  take(method: string, channel: string): number;
}

/** The clock of the tiers, in milliseconds: real, or one that a test turns by itself. */
export interface Pace {
  readonly now: () => number;
}

export function createTiers(pace: Pace): Tiers {
  const buckets = new Map<string, Bucket>();

  function wait(name: string, capacity: number, perSecond: number): number {
    const now = pace.now();
    const bucket = buckets.get(name) ?? { tokens: capacity, at: now };
    bucket.tokens = Math.min(capacity, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    buckets.set(name, bucket);
    return bucket.tokens >= 1 ? 0 : (1 - bucket.tokens) / perSecond;
  }

  function takeAll(names: readonly (readonly [string, number, number])[]): number {
    const longest = Math.max(
      0,
      ...names.map(([name, capacity, rate]) => wait(name, capacity, rate)),
    );
    if (longest > 0) return Math.ceil(longest);
    for (const [name] of names) {
      const bucket = buckets.get(name);
      if (bucket !== undefined) bucket.tokens -= 1;
    }
    return 0;
  }

  return {
    take(method, channel) {
      if (method === 'chat.postMessage') {
        return takeAll([
          [`post ${channel}`, 2, 1],
          ['post', 30, 5],
        ]);
      }
      const tier = perMinute[method];
      return tier === undefined ? 0 : takeAll([[method, 10, tier / 60]]);
    },
  };
}
