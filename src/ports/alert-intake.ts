import type { AlertNotice } from '#core/alerts/alert.ts';
import type { Result } from '#core/result.ts';

/** The way in for alerts. Senders were verified and notices were read before. */
export interface AlertIntake {
  /**
   * Takes a notice in. It is durable when this resolves: acknowledge after. A repetition changes
   * nothing (`fresh` is false). Refusals: `alert.not_configured`, `alert.unknown_receiver`,
   * `system.halted`.
   * @throws Fault `store.*`: the sender should try again
   */
  accept(notice: AlertNotice): Promise<Result<{ readonly fresh: boolean }>>;
}
