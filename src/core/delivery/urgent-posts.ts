import type { Instant } from '#core/ids.ts';
import { type Budget, callableAt, charged } from './budget.ts';
import type { Candidate } from './candidate.ts';
import { type Digest, digestMax } from './digest.ts';

/** A channel's urgent posts are merged when the last of them would go out later than this, in milliseconds. */
const patienceMs = 1_500;

/**
 * Merges the urgent posts of a channel into one when there are more than its budget takes soon.
 * Answers to one person and edits are never merged.
 */
export function digestsOf(
  items: readonly Candidate[],
  budget: Budget,
  room: number,
  now: Instant,
): {
  readonly digests: readonly Digest[];
  readonly rest: readonly Candidate[];
  readonly budget: Budget;
} {
  let left = budget;
  // What the posts before would have used: channels share the platform's own limits.
  let scratch = budget;
  const digests: Digest[] = [];
  const merged = new Set<Candidate>();
  for (const group of byChannel(items.filter(({ call }) => call.kind === 'post'))) {
    const first = group[0];
    if (first === undefined || digests.length >= room) continue;
    const single = onceEach(group, scratch, now);
    if (single.lastAt - now <= patienceMs) {
      scratch = single.budget;
      continue;
    }
    if (callableAt(left, first.channelRates, 1, now) > now) continue;
    const taken = group.slice(0, digestMax);
    left = charged(left, first.channelRates, now);
    scratch = charged(scratch, first.channelRates, now);
    for (const item of taken) merged.add(item);
    digests.push({
      channel: { ...first.surface.channel, thread: null },
      surfaces: taken.map(({ surface }) => surface),
    });
  }
  return { digests, rest: items.filter((item) => !merged.has(item)), budget: left };
}

function byChannel(items: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const groups = new Map<string, Candidate[]>();
  for (const item of items) {
    const { tenant, channel } = item.surface.channel;
    const group = groups.get(`${tenant}/${channel}`) ?? [];
    group.push(item);
    groups.set(`${tenant}/${channel}`, group);
  }
  return [...groups.values()];
}

/** When the last of the group could go out if each were posted by itself, and what that would use. */
function onceEach(
  group: readonly Candidate[],
  budget: Budget,
  now: Instant,
): { readonly lastAt: Instant; readonly budget: Budget } {
  let used = budget;
  let lastAt = now;
  for (const { rates } of group) {
    lastAt = Math.max(lastAt, callableAt(used, rates, 1, now));
    if (lastAt - now > patienceMs) break;
    used = charged(used, rates, now);
  }
  return { lastAt, budget: used };
}
