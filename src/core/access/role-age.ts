import type { Instant } from '#core/ids.ts';
import type { Membership } from '#core/people.ts';

/** Of somebody who was there when Signalbox began to look: since when is not known, but long. */
export const sinceBefore: Instant = 0;

/** A yes that counts only once it is `ageSeconds` old; anything else stays what it is. */
export function agedMembership(
  membership: Membership,
  since: Instant,
  ageSeconds: number,
): Membership {
  if (membership.answer !== 'yes') return membership;
  const counts = since + ageSeconds * 1000;
  const there = since === sinceBefore ? 'was there from the start' : `there since ${minute(since)}`;
  const evidence = `${membership.evidence}, ${there}`;
  if (membership.asOf >= counts) return { ...membership, evidence };
  const told = `${evidence}, which counts from ${minute(counts)}`;
  return { ...membership, answer: 'no', because: 'too_new', evidence: told };
}

/** `2026-11-20 13:02Z` */
function minute(at: Instant): string {
  const text = Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'minute' });
  return text.replace('T', ' ');
}
