import { type Budget, callableAt, charged, pruned } from '#core/delivery/budget.ts';
import { Fault } from '#core/fault.ts';
import type { RateScope } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';

/** The pace of answers that go past the delivery scheduler because a person waits for them. */
export interface ReplyPace {
  /**
   * Takes one call from each bucket.
   * @throws Fault `chat.rate_limited` when one is empty: the answer then goes through the scheduler
   */
  take(rates: readonly RateScope[]): void;
}

/** All buckets are full. */
export function createReplyPace(clock: Clock): ReplyPace {
  let budget: Budget = new Map();
  return {
    take(rates) {
      const now = clock.now();
      const at = callableAt(budget, rates, 0, now);
      if (at > now) {
        throw new Fault('chat.rate_limited', 'Too many private answers at once', {
          retryable: true,
          retryAfterMs: at - now,
          ...(rates[0] === undefined ? {} : { scope: rates[0].scope }),
        });
      }
      budget = pruned(charged(budget, rates, now), now);
    },
  };
}
