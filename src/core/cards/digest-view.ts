import { formatDuration } from '#core/duration.ts';
import { type FigureQuestion, figuresOf } from '#core/figures/figures.ts';
import { previousWindow, trendOf } from '#core/figures/trend.ts';
import type { Block, Field, Line, View } from '#core/message.ts';
import { lockInForce } from '#core/place/decide.ts';
import type { PlaceState } from '#core/place.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { standing, subjectOf } from './standing.ts';
import { figureWords, fourFigures, trendWords } from './stats-view.ts';

/** What a digest is made from. `ended` and `open` are rollouts; figures have a window of their own. */
export interface DigestQuestion {
  readonly now: number;
  readonly ended: readonly RolloutState[];
  readonly open: readonly RolloutState[];
  readonly places: readonly PlaceState[];
  readonly figures: FigureQuestion;
}

/** The last day in one message; a quiet day is one line. */
export function digestView(question: DigestQuestion): View {
  const { ended, open, places, now } = question;
  const shipped = ended.filter(({ phase, intent }) => phase === 'succeeded' && intent === 'deploy');
  const back = ended.filter(
    ({ phase, intent }) =>
      phase === 'rolled_back' || (phase === 'succeeded' && intent === 'rollback'),
  );
  const locked = places.filter((place) => lockInForce(place, now) !== null);
  const quiet = shipped.length + back.length + open.length + locked.length === 0;
  const summary = quiet
    ? 'Nothing was released in the last day, and nothing waits.'
    : `In the last day: ${shipped.length} shipped, ${back.length} went back, ${open.length} on the way.`;
  const blocks: readonly Block[] = quiet
    ? []
    : [
        ...section(
          'Shipped',
          shipped.map((state) => [subjectOf(state)]),
        ),
        ...section(
          'Went back',
          back.map((state) => [subjectOf(state), `: ${why(state)}`]),
        ),
        ...section(
          'On the way',
          open.map((state) => [
            subjectOf(state),
            `: ${standing(state)}, for ${formatDuration((now - state.requestedAt) / 1000)}`,
          ]),
        ),
        ...section(
          'Locked',
          locked.map((place) => [
            `${place.service} in ${place.environment}: ${place.lock?.reason ?? ''}`,
          ]),
        ),
        { kind: 'fields', fields: figureFields(question.figures) },
      ];
  return {
    tone: back.length > 0 ? 'warning' : 'neutral',
    title: 'Releases of the last day',
    summary,
    blocks: [{ kind: 'text', line: [{ kind: 'strong', text: summary }] }, ...blocks],
  };
}

function section(title: string, lines: readonly Line[]): readonly Block[] {
  if (lines.length === 0) return [];
  return [
    { kind: 'text', line: [{ kind: 'strong', text: title }] },
    ...lines.map((line) => ({ kind: 'text', line }) as const),
  ];
}

function why(state: RolloutState): string {
  return state.abort?.cause.detail ?? (state.reason === '' ? 'no reason given' : state.reason);
}

function figureFields(question: FigureQuestion): readonly Field[] {
  const now = figuresOf(question);
  const before = figuresOf({ ...question, window: previousWindow(question.window) });
  return fourFigures.map(([name, label]) => ({
    label,
    value: [
      `${figureWords(name, now[name])} ${trendWords(trendOf(name, now[name], before[name]))}`,
    ],
  }));
}
