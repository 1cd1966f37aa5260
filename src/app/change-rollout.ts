import { noticeView } from '#core/cards/notice-view.ts';
import { standing, subjectOf, toneOf } from '#core/cards/standing.ts';
import { ok, type Result } from '#core/result.ts';
import type { RolloutCommand } from '#core/rollout/command.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Answer, CommandContext } from './command.ts';
import type { RolloutSubject } from './name-rollout.ts';

/** Applies one command to a rollout and answers with where it stands after. */
export async function changeRollout(
  context: CommandContext,
  subject: RolloutSubject,
  command: RolloutCommand,
  said: (state: RolloutState) => string,
): Promise<Result<Answer>> {
  const changed = await context.transact((tx) =>
    context.rollouts.change(tx, subject.rollout.id, command),
  );
  return changed.ok ? ok(rolloutAnswer(changed.value, said(changed.value))) : changed;
}

/** The short answer about one rollout: what was done, and where it stands now. */
export function rolloutAnswer(state: RolloutState, said: string, more = ''): Answer {
  return {
    view: noticeView({
      tone: toneOf(state),
      title: subjectOf(state),
      said,
      more: [
        ...(more === '' ? [] : [[more]]),
        [{ kind: 'code', text: state.id }, ` ${standing(state)}.`],
      ],
    }),
    rollout: state.id,
    data: state,
  };
}
