import { cleanInput } from '#core/grammar/clean-text.ts';
import type { CommandLine } from '#core/grammar/parse.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { StoredAction } from '#ports/action-store.ts';
import type { Command } from './command.ts';

/** What a press on a button means: a command line, and the plan that was shown beside it. */
export interface PressedAction {
  readonly line: CommandLine;
  readonly rollout: string | null;
  readonly planHash: string | null;
}

/**
 * Turns a press into the command that the server stored for it. Nothing that the button carried is
 * trusted but the token. Refusals: `action.unknown`, `action.stale`, `plan.mismatch`, those of text.
 */
export function pressedAction(
  stored: StoredAction | null,
  input: string | null,
  now: number,
  catalogue: ReadonlyMap<string, Command>,
): Result<PressedAction> {
  if (stored === null || stored.expiresAt <= now) return no(unknownButton);
  const command = catalogue.get(stored.command);
  if (command === undefined) return no(staleCard);
  const named = stored.args['rollout'];
  if (named !== undefined && stored.rollout !== null && named !== stored.rollout) {
    return no(
      refusal(
        'plan.mismatch',
        `The button names ${named}, but was made for ${stored.rollout}.`,
        'Use the newest card, or type the command.',
      ),
    );
  }
  const args = { ...stored.args };
  if (input !== null && input.trim() !== '') {
    const clean = cleanInput(input);
    if (!clean.ok) return clean;
    const field =
      command.fields.find((one) => one.kind === 'text' && one.rest === true) ??
      command.fields.find((one) => one.kind === 'text');
    if (field !== undefined) args[field.name] = clean.value;
  }
  return ok({
    line: { command: command.name, args },
    rollout: stored.rollout,
    planHash: stored.planHash,
  });
}

/** Null when the plan that was shown is the one that is in force. */
export function planStillShown(
  action: PressedAction,
  rollout: RolloutState | null,
): Refusal | null {
  if (action.rollout === null || action.planHash === null) return null;
  if (rollout === null) {
    return refusal('rollout.unknown', `There is no rollout ${action.rollout}.`, 'See status.');
  }
  if (rollout.planHash === action.planHash) return null;
  return refusal(
    'plan.superseded',
    `The plan of ${rollout.id} has changed since this card was shown.`,
    'Look at the newest card and decide again.',
  );
}

/** What tokens of buttons look like. */
export const tokenPattern = /^[A-Za-z0-9_.-]{1,64}$/;

/** The button is not one of ours, or too old. */
export const unknownButton: Refusal = refusal(
  'action.unknown',
  'The button is unknown or has expired.',
  'Use the newest card, or type the command.',
);

const staleCard: Refusal = refusal(
  'action.stale',
  'The card is out of date: what its button did is not offered any more.',
  'Use the newest card, or type the command.',
);
