import type { Line, Span, View } from '#core/message.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { standing, tookWords } from './standing.ts';

/** Past and present rollouts, newest first: the answer of `history`. */
export function historyView(states: readonly RolloutState[], of: string): View {
  const count = `${states.length} ${states.length === 1 ? 'rollout' : 'rollouts'}`;
  if (states.length === 0) {
    const summary =
      of === 'everything' ? 'Nothing was released yet.' : `Nothing was released yet: ${of}.`;
    return {
      tone: 'neutral',
      title: `History of ${of}`,
      summary,
      blocks: [{ kind: 'text', line: [summary] }],
    };
  }
  return {
    tone: 'neutral',
    title: `History of ${of}`,
    summary: `${count} of ${of}, the last: ${states[0]?.artifact.version ?? ''}`,
    blocks: [
      {
        kind: 'table',
        columns: [
          { label: 'When' },
          { label: 'Id' },
          { label: 'Release' },
          { label: 'To' },
          { label: 'By' },
          { label: 'Outcome' },
          { label: 'Took', align: 'right' },
        ],
        rows: states.map(row),
      },
    ],
  };
}

function row(state: RolloutState): readonly Line[] {
  const back = state.intent === 'rollback' ? 'back to ' : '';
  return [
    [{ kind: 'time', at: state.requestedAt, as: 'relative' }],
    [{ kind: 'code', text: state.id }],
    [`${state.service} ${back}${state.artifact.version}`],
    [state.environment],
    [state.requester.displayName],
    [outcome(state)],
    [tookWords(state) ?? '–'],
  ];
}

function outcome(state: RolloutState): Span {
  const words = standing(state);
  const bad = state.phase === 'rolled_back' || state.phase === 'stuck';
  return bad ? { kind: 'strong', text: words } : words;
}
