import type { CommandLine } from '#core/grammar/parse.ts';
import type { Actor } from '#core/people.ts';
import type { Refusal } from '#core/refusal.ts';
import { no, type Result } from '#core/result.ts';
import type { Transaction } from '#ports/store.ts';
import type { BusParts } from './bus-parts.ts';
import type { Answer, CommandContext } from './command.ts';
import { type Delivery, recordAccepted, recordRefused } from './command-record.ts';
import { type PressedAction, planStillShown } from './pressed-action.ts';
import type { ReadCommand } from './read-command.ts';
import { inviteToLink } from './resumed-click.ts';

type Permitted = Extract<ReadCommand, { readonly kind: 'permitted' }>;

/** How a delivery ended. `elsewhere`: another process finished it, and answers. */
export type Ending =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'elsewhere' }
  /** The change is committed, but the answer could not be composed. */
  | { readonly kind: 'unanswered'; readonly error: unknown };

/** Thrown to take a transaction back; never leaves this file. */
class TakenBack extends Error {}

/**
 * Runs a permitted command. Its changes, the record of the decision and the finished inbox row
 * commit together; a refusal takes the changes back and is recorded instead.
 * @throws Fault, or a bug: then nothing is committed
 */
export async function runCommand(
  parts: BusParts,
  delivery: Delivery,
  permitted: Permitted,
): Promise<Ending> {
  const { look, line, command, bound, authorised, action } = permitted;
  const accepted = {
    actor: look.actor,
    line,
    permission: command.permission,
    scope: bound.scope,
    authorised,
  };
  let committed = false;
  let elsewhere = false;
  let begun = false;

  /** Finishes the row first: of two handlers of one delivery the second waits here, and stops. */
  async function finished<T>(run: (tx: Transaction) => Promise<Result<T>>): Promise<Result<T>> {
    let refusal: Refusal | null = null;
    try {
      const result = await parts.world.store.transact(async (tx) => {
        refusal = null;
        elsewhere = !(await tx.finishInbox(delivery.id, 'accepted'));
        if (elsewhere) throw new TakenBack();
        const changed = await changeUnlessStale(parts, action, tx, run);
        if (!changed.ok) {
          refusal = changed.refusal;
          throw new TakenBack();
        }
        await recordAccepted(tx, parts, delivery, accepted);
        return changed;
      });
      committed = true;
      return result;
    } catch (error) {
      if (refusal !== null) return no(refusal);
      throw error;
    }
  }

  const context: CommandContext = {
    ...look,
    world: parts.world,
    authority: parts.authority,
    authorised,
    commands: [...parts.catalogue.values()],
    planHash: action?.planHash ?? null,
    transact(run) {
      if (begun) throw new Error('A command has one transaction');
      begun = true;
      return finished(run);
    },
  };

  try {
    const answer = await bound.run(context);
    if (!answer.ok) {
      if (committed) throw new Error('A command refused what it had committed');
      return await refuseCommand(parts, delivery, {
        actor: look.actor,
        line,
        refusal: answer.refusal,
      });
    }
    if (!committed) await finished(async () => answer);
    return { kind: 'answered', answer: answer.value };
  } catch (error) {
    if (elsewhere) return { kind: 'elsewhere' };
    if (committed) return { kind: 'unanswered', error };
    throw error;
  }
}

/** Records a refusal and finishes the inbox row, in one transaction. */
export async function refuseCommand(
  parts: BusParts,
  delivery: Delivery,
  refused: {
    readonly actor: Actor;
    readonly line: CommandLine | null;
    readonly refusal: Refusal;
  },
): Promise<Ending> {
  const { actor, refusal } = refused;
  return parts.world.store.transact(async (tx): Promise<Ending> => {
    if (!(await tx.finishInbox(delivery.id, refusal.code))) return { kind: 'elsewhere' };
    await recordRefused(tx, parts, delivery, refused);
    const told = await inviteToLink(tx, parts, delivery.inbound, actor, refusal);
    return { kind: 'refused', refusal: told };
  });
}

/** The plan that was shown is compared again where the change is made. */
async function changeUnlessStale<T>(
  parts: BusParts,
  action: PressedAction | null,
  tx: Transaction,
  run: (tx: Transaction) => Promise<Result<T>>,
): Promise<Result<T>> {
  if (action !== null && action.rollout !== null && action.planHash !== null) {
    const stale = planStillShown(action, await parts.rollouts.read(tx, action.rollout));
    if (stale !== null) return no(stale);
  }
  return run(tx);
}
