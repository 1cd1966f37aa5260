import { overrideNeedsReason } from '#core/access/hard-rules.ts';
import type { Actor } from '#core/people.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { Transaction } from '#ports/store.ts';
import type { Authorised, Scope } from './authority.ts';
import type { CommandContext } from './command.ts';

const dayMs = 86_400_000;

/**
 * Whether somebody may break the glass here and now, and on which evidence: with a written reason,
 * and the right to.
 * Refusals: `reason.required`, `access.*`.
 */
export async function mayBreakGlass(
  context: CommandContext,
  scope: Scope,
  reason: string,
): Promise<Result<Authorised>> {
  const unexplained = overrideNeedsReason(reason);
  if (unexplained !== null) return no(unexplained);
  return context.authority.authorise(context.actor, 'break-glass', scope, true);
}

/**
 * Uses up one of a person's overrides of the day (UTC), in the transaction that makes use of it, so
 * that many at the same moment cannot exceed the limit. Refusals: `override.rate_limited`.
 */
export async function spendBreakGlass(
  tx: Transaction,
  by: Actor,
  perDay: number,
): Promise<Result<null>> {
  const day = Math.floor(tx.now / dayMs);
  const use = await tx.nextNumber(`break-glass:${by.person}:${day}`);
  if (use <= perDay) return ok(null);
  return no(
    refusal(
      'override.rate_limited',
      `You have used break-glass ${perDay} times today; more is not allowed.`,
      'Ask somebody else who may break the glass.',
    ),
  );
}
