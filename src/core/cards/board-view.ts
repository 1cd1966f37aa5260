import type { Line, View } from '#core/message.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { highestWeight } from './actions.ts';
import { standing } from './standing.ts';

/** The most rollouts on one board: tables of every platform hold that many rows. */
export const boardRows = 50;

/**
 * One message for a whole channel: everything that is on its way, what needs a person first. Used
 * when there are too many live cards to keep each of them fresh.
 * `part` and `parts` number the boards of a channel that needs more than one.
 */
export function boardView(states: readonly RolloutState[], part = 1, parts = 1): View {
  const rows = states.toSorted(byNeed).slice(0, boardRows);
  const waiting = states.filter(needsPerson).length;
  const count = `${states.length} ${states.length === 1 ? 'release' : 'releases'} on the way`;
  const need = waiting === 0 ? '' : `, ${waiting} waiting for a person`;
  return {
    tone: states.some(({ countdown, stuck }) => countdown !== null || stuck !== null)
      ? 'danger'
      : waiting > 0
        ? 'waiting'
        : 'progress',
    title: parts === 1 ? 'On the way' : `On the way, part ${part} of ${parts}`,
    summary: `${count}${need}`,
    blocks: [
      { kind: 'text', line: [{ kind: 'strong', text: `${count}${need}` }] },
      {
        kind: 'table',
        columns: [
          { label: 'Release' },
          { label: 'To' },
          { label: 'Traffic', align: 'right' },
          { label: 'Now' },
        ],
        rows: rows.map(row),
      },
    ],
  };
}

/** What is left of a board when single cards show the progress again. */
export function boardRetiredView(): View {
  const summary = 'Few releases are on the way: their own cards show them.';
  return {
    tone: 'neutral',
    title: 'On the way',
    summary,
    blocks: [{ kind: 'note', line: [summary] }],
  };
}

function row(state: RolloutState): readonly Line[] {
  const stands = standing(state);
  return [
    [`${state.service} ${state.artifact.version}`],
    [state.environment],
    [state.startedAt === null ? '–' : `${highestWeight(state)} %`],
    needsPerson(state) ? [{ kind: 'strong', text: stands }] : [stands],
  ];
}

/** True when the rollout does not go on unless a person does something. */
export function needsPerson(state: RolloutState): boolean {
  return (
    state.countdown !== null ||
    state.phase === 'paused' ||
    state.phase === 'stuck' ||
    (state.phase === 'waiting' && state.queue === null)
  );
}

/** The most pressing first, then the oldest. */
export function byNeed(a: RolloutState, b: RolloutState): number {
  return need(a) - need(b) || a.requestedAt - b.requestedAt;
}

function need(state: RolloutState): number {
  if (state.countdown !== null) return 0;
  if (state.phase === 'stuck') return 1;
  return needsPerson(state) ? 2 : 3;
}
