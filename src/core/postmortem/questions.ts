import { closed } from '#core/cards/sentence.ts';
import { formatDuration } from '#core/duration.ts';
import type { Impact } from './impact.ts';
import type { PostmortemQuestion } from './question.ts';

/** Noticing took long from here, in milliseconds. */
const slowMs = 10 * 60_000;

/** What the record leaves open, so that people need not begin with an empty page. */
export function openQuestions(question: PostmortemQuestion, impact: Impact): readonly string[] {
  const { state, deployment, before } = question;
  const failure = deployment?.failure ?? null;
  const watched = state.looks.length > 0;
  const { trafficAt, noticedAt } = impact;
  const lasted = trafficAt === null || noticedAt === null ? 0 : noticedAt - trafficAt;
  const late = failure !== null && failure.kind !== 'caught_in_canary';
  const risks = (state.changes?.list?.changes ?? []).filter(({ risk }) => risk !== null);
  return [
    ...(failure === null || watched
      ? []
      : ['Nothing watched this release. Which metric would have shown the trouble?']),
    ...(late && watched
      ? ['The canary passed. Which metric, or how much more time, would have shown it earlier?']
      : []),
    ...(failure === null || before === null
      ? []
      : [
          before.passed
            ? `It came through ${before.environment}. Why did it not show there?`
            : `It did not come through ${before.environment}. Would it have shown there?`,
        ]),
    ...(lasted < slowMs
      ? []
      : [
          `It took ${formatDuration(lasted / 1000)} from the first traffic until it was noticed. What would shorten that?`,
        ]),
    ...state.overrides.map(
      ({ by, gates, reviewedBy }) =>
        `${by.displayName} broke the glass past ${gates.join(', ')}${reviewedBy === null ? ', and nobody has reviewed it' : ''}. Should it have been?`,
    ),
    ...(state.plan?.lint ?? []).map((line) => `The plan remarked: ${closed(line)} Was it heeded?`),
    ...risks.map(
      ({ title, author, risk }) =>
        `${author} named a risk of “${title}”: ${closed(risk ?? '')} Was it this one?`,
    ),
    'What made the defect possible, and what makes the next one less likely?',
    'Who does that, and until when?',
  ];
}
