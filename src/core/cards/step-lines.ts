import type { StepLine, StepMark } from '#core/message.ts';
import { ended, type RolloutState, type StepRun } from '#core/rollout/state.ts';
import { stepWords } from './step-words.ts';

/** The most step lines that a card shows: it must stay readable on a phone. */
const window = 5;

/**
 * The steps around the one at work: what was done before shares one line, and so does what comes
 * later. On the way back only what was begun is left, at the end only what went wrong.
 */
export function stepLines(state: RolloutState): readonly StepLine[] {
  const lines = allStepLines(state);
  if (ended(state.phase))
    return lines.filter(({ mark }) => mark === 'failed' || mark === 'errored');
  const turning = state.phase === 'aborting' || state.countdown !== null;
  const begun = lines.filter((_, index) => (state.steps[index]?.state ?? 'pending') !== 'pending');
  return around(turning ? begun : lines, state.step);
}

function around(lines: readonly StepLine[], at: number): readonly StepLine[] {
  const first = foldable(Math.min(at - 1, lines.length - window));
  const later = foldable(lines.length - first - window);
  return [
    ...(first === 0 ? [] : [{ label: `${first} steps behind`, mark: 'done' } as const]),
    ...lines.slice(first, lines.length - later),
    ...(later === 0 ? [] : [{ label: `${later} more to come`, mark: 'pending' } as const]),
  ];
}

/** A single line is shown rather than counted. */
function foldable(count: number): number {
  return count < 2 ? 0 : count;
}

/** Every step of the plan with its mark. */
export function allStepLines(state: RolloutState): readonly StepLine[] {
  const { plan } = state;
  if (plan === null) return [];
  return plan.steps.map((step, index) =>
    line(stepWords(step, plan), state, index, state.steps[index]),
  );
}

function line(
  label: string,
  state: RolloutState,
  index: number,
  run: StepRun | undefined,
): StepLine {
  const mark = markOf(state, index, run);
  const tells = run !== undefined && run.note !== '' && mark !== 'done' && mark !== 'pending';
  return { label, mark, ...(tells ? { detail: [run.note] } : {}) };
}

function markOf(state: RolloutState, index: number, run: StepRun | undefined): StepMark {
  const mark = run?.state ?? 'pending';
  const over = ended(state.phase) || state.phase === 'aborting';
  if (over && mark === 'running')
    return state.abort?.cause.kind === 'verdict' ? 'failed' : 'skipped';
  if (over && mark === 'pending') return 'skipped';
  const halted = state.phase === 'paused' || state.phase === 'stuck';
  const resting = mark === 'running' || mark === 'pending';
  return index === state.step && halted && resting ? 'paused' : mark;
}
