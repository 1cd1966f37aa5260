import type { Instant } from '#core/ids.ts';

/** How long to wait before looking at a target again: often at first, rarely later. Milliseconds. */
export function pollDelay(since: Instant, now: Instant): number {
  const age = now - since;
  if (age < 15_000) return 500;
  if (age < 120_000) return 1000;
  return 5000;
}

/** How long to wait before closed gates are asked again when nothing says when they open. */
export const gateDelayMs = 10_000;

/** How long to wait after the world was out of reach. */
export const outageDelayMs = 5000;

/** The same where only approvals are missing: they are re-verified now and then while waiting. */
export const approvalDelayMs = 60_000;

/**
 * How long to wait before it is seen again whether targets are as they were left: whoever takes a
 * change back, a person or a tool that owns it, mostly does so at once. Milliseconds.
 */
export function watchDelay(since: Instant, now: Instant): number {
  const age = now - since;
  if (age < 5000) return 1000;
  return age < 30_000 ? 3000 : 15_000;
}
