import { formatDuration } from '#core/duration.ts';
import type { FailureKind } from '#core/figures/deployments.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Postmortem } from './postmortem.ts';

const failures: Readonly<Record<FailureKind, string>> = {
  caught_in_canary: 'was caught before all of the traffic had it',
  rolled_back: 'was rolled back after it had all of the traffic',
  alert: 'was followed by an alert',
  hotfix: 'needed a hotfix',
};

/** What happened, in one sentence. */
export function outcomeWords({ state, deployment, successor }: Postmortem): string {
  const subject = `${state.service} ${state.artifact.version} in ${state.environment}`;
  const failure = deployment?.failure ?? null;
  if (failure !== null)
    return `${subject} ${failures[failure.kind]}${takenBack(failure.kind, successor)}.`;
  switch (state.phase) {
    case 'succeeded':
      return `${subject} went live, and nothing is held against it.`;
    case 'rolled_back':
      return `${subject} was turned back.`;
    case 'cancelled':
    case 'expired':
    case 'superseded':
      return `${subject} ended before it began: ${state.phase}.`;
    default:
      return `${subject} has not ended; this is the story so far.`;
  }
}

/** What first told of the trouble is one thing, what ended it another. */
function takenBack(kind: FailureKind, successor: RolloutState | null): string {
  if (kind === 'rolled_back' || successor?.intent !== 'rollback') return '';
  if (successor.phase !== 'succeeded') return '';
  return `, and ${successor.id} went back to ${successor.artifact.version}`;
}

/** The impact, one fact each. What is not known is said to be so. */
export function impactWords({ impact, state }: Postmortem): readonly string[] {
  const { trafficAt, noticedAt, overAt, share, excess, budget } = impact;
  if (trafficAt === null) {
    return [
      state.plan?.production === true ? 'Nobody was served by it.' : 'No production traffic.',
    ];
  }
  const after = (at: number) => formatDuration((at - trafficAt) / 1000);
  return [
    share === 100 ? 'All of the traffic had it.' : `At most ${share} % of the traffic had it.`,
    ...(noticedAt === null ? [] : [`Noticed ${after(noticedAt)} after its first traffic.`]),
    ...(noticedAt === null
      ? []
      : [
          overAt === null
            ? 'Its trouble is not over, as far as the record knows.'
            : `It was over ${after(overAt)} after its first traffic.`,
        ]),
    ...excess.map(
      ({ metric, bad, requests }) =>
        `${metric}: ${bad === 0 ? 'no' : `about ${bad}`} more than stable would have had, among ${requests} requests that were judged.`,
    ),
    ...unjudged(impact, state),
    budget === null
      ? 'What it spent of an error budget was not measured: no cap is set.'
      : `It spent ${(budget * 100).toFixed(1)} % of the error budget.`,
  ];
}

/** The judge looks until a release has all of the traffic: what came after it did not count. */
function unjudged({ noticedAt }: Postmortem['impact'], { phase, endedAt }: Postmortem['state']) {
  if (phase !== 'succeeded' || endedAt === null || noticedAt === null || noticedAt <= endedAt) {
    return [];
  }
  return [
    'Nothing was judged once it was live: how many requests were bad from then on is not known.',
  ];
}
