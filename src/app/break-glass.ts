import { overrideNeedsReason } from '#core/access/hard-rules.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { Transaction } from '#ports/store.ts';
import type { Scope } from './authority.ts';
import type { CommandContext } from './command.ts';

const dayMs = 86_400_000;
/** The most accepted commands of one day that are looked through. */
const looked = 10_000;

/**
 * Whether somebody may break the glass here and now: with a written reason, the right to, and not
 * too often. Refusals: `reason.required`, `access.*`, `override.rate_limited`.
 */
export async function mayBreakGlass(
  context: CommandContext,
  scope: Scope,
  reason: string,
): Promise<Result<null>> {
  const unexplained = overrideNeedsReason(reason);
  if (unexplained !== null) return no(unexplained);
  const may = await context.authority.authorise(context.actor, 'break-glass', scope, true);
  if (!may.ok) return may;
  const allowed = context.settings.settings.access.breakGlassPerDay;
  const used = await context.read((tx) => usesOfLastDay(tx, context.actor.person));
  if (used < allowed) return ok(null);
  return no(
    refusal(
      'override.rate_limited',
      `You used break-glass ${used} times in the last 24 hours; ${allowed} are allowed.`,
      'Ask somebody else who may break the glass.',
    ),
  );
}

async function usesOfLastDay(tx: Transaction, person: string): Promise<number> {
  const accepted = await tx.events({
    streamPrefix: 'command:',
    kinds: ['command.accepted'],
    since: tx.now - dayMs,
    newestFirst: true,
    limit: looked,
  });
  return accepted.filter(({ actor, body }) => actor.person === person && brokeGlass(body['args']))
    .length;
}

function brokeGlass(args: unknown): boolean {
  return typeof args === 'object' && args !== null && 'breakGlass' in args;
}
