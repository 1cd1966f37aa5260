import type { Trouble } from '#core/alerts/watch.ts';
import type { Deployment } from '#core/figures/deployments.ts';
import type { Instant } from '#core/ids.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { type Impact, impactOf } from './impact.ts';
import type { PostmortemQuestion } from './question.ts';
import { openQuestions } from './questions.ts';
import { type Entry, timelineOf } from './timeline.ts';

/** What happened with a release, for those who learn from it. */
export interface Postmortem {
  readonly state: RolloutState;
  readonly deployment: Deployment | null;
  readonly impact: Impact;
  readonly timeline: readonly Entry[];
  /** Those of the timeline in which a person decided something. */
  readonly decisions: readonly Entry[];
  readonly troubles: readonly Trouble[];
  readonly successor: RolloutState | null;
  /** What the record cannot answer. */
  readonly questions: readonly string[];
  /** From here to there the story goes. */
  readonly from: Instant;
  readonly to: Instant | null;
}

/** Puts it together. Facts only, in the order of the ledger; who is to blame is not among them. */
export function postmortemOf(question: PostmortemQuestion): Postmortem {
  const { state, deployment, troubles, successor } = question;
  const timeline = timelineOf(question);
  const impact = impactOf(question);
  return {
    state,
    deployment,
    impact,
    timeline,
    decisions: timeline.filter(({ decision }) => decision),
    troubles: troubles.filter(({ clearedBy }) => clearedBy === null),
    successor,
    questions: openQuestions(question, impact),
    from: state.requestedAt,
    to: deployment?.recoveredAt ?? state.endedAt,
  };
}
