import type { FaultCode } from '#core/fault.ts';
import type { Instant } from '#core/ids.ts';

/** What becomes of a surface whose call failed. */
export type Setback =
  /** Its bucket is frozen; the surface itself stays due. */
  | { readonly kind: 'frozen' }
  | { readonly kind: 'retry'; readonly at: Instant; readonly why: 'failed' | 'ambiguous' | 'gone' };

/** The first and the longest pause between two tries, in milliseconds. */
const first = 1_000;
const longest = 60_000;
/** A closed door is knocked at less often. */
const longestBarred = 300_000;

/**
 * Decides what follows a fault of the platform. Nothing is ever given up: a surface stays due until
 * it is delivered, at ever longer intervals. `jitter` is between 0 and 1.
 */
export function setbackOf(
  code: FaultCode,
  failures: number,
  jitter: number,
  now: Instant,
): Setback {
  switch (code) {
    case 'chat.rate_limited':
      return { kind: 'frozen' };
    case 'chat.gone':
      return { kind: 'retry', at: now, why: 'gone' };
    case 'chat.ambiguous':
      return { kind: 'retry', at: now + pause(failures, jitter, longest), why: 'ambiguous' };
    case 'chat.invalid':
    case 'chat.not_allowed':
    case 'chat.auth_lost':
      return { kind: 'retry', at: now + pause(failures + 3, jitter, longestBarred), why: 'failed' };
    default:
      return { kind: 'retry', at: now + pause(failures, jitter, longest), why: 'failed' };
  }
}

/** Doubles from a second on, and shortens by up to a half so that retries do not march in step. */
function pause(failures: number, jitter: number, limit: number): number {
  const full = Math.min(limit, first * 2 ** Math.min(failures, 16));
  return Math.round(full * (1 - jitter / 2));
}
