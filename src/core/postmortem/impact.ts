import type { MetricVerdict } from '#core/analysis/verdict.ts';
import type { Deployment } from '#core/figures/deployments.ts';
import type { Instant } from '#core/ids.ts';
import type { RolloutState } from '#core/rollout/state.ts';

/** What people met of it. Null members: not known, which is not zero. */
export interface Impact {
  /** First traffic that it got. */
  readonly trafficAt: Instant | null;
  /** When trouble was known: a verdict, an alert, or somebody who turned it back. */
  readonly noticedAt: Instant | null;
  /** When nobody was served by it any more, or its trouble was over. */
  readonly overAt: Instant | null;
  /** Largest share of the traffic that it had, in percent. */
  readonly share: number;
  /** By metric of counts: bad ones among the candidate's requests beyond what stable had, as judged. */
  readonly excess: readonly {
    readonly metric: string;
    readonly bad: number;
    readonly requests: number;
  }[];
  /** Part of the error budget that it spent, as its cap measured it. */
  readonly budget: number | null;
}

/** Reads the impact off the record; what nothing measured stays unknown. */
export function impactOf({
  state,
  deployment,
}: {
  readonly state: RolloutState;
  readonly deployment: Deployment | null;
}): Impact {
  const spent = state.looks.flatMap(({ judgement }) => judgement.spent ?? []);
  return {
    trafficAt: deployment?.record.trafficAt ?? null,
    noticedAt: deployment?.failure?.at ?? null,
    overAt: deployment?.recoveredAt ?? null,
    share: largestShare(state),
    excess: excessOf(state),
    budget: spent.at(-1) ?? null,
  };
}

function largestShare({ plan, steps, phase, weights }: RolloutState): number {
  if (phase === 'succeeded') return 100;
  const shifted = (plan?.steps ?? []).flatMap((step, index) => {
    const begun = steps[index]?.startedAt ?? null;
    if (begun === null) return [];
    return step.kind === 'shift' ? [step.weight] : [];
  });
  return Math.max(0, ...shifted, ...Object.values(weights));
}

/** Looks of one step grow: so the last of each says all of it. */
function excessOf({ looks }: RolloutState): Impact['excess'] {
  const last = new Map(looks.map((look) => [look.step, look.judgement.metrics]));
  const sums = new Map<string, { bad: number; requests: number }>();
  for (const metrics of last.values()) {
    for (const verdict of metrics) {
      // What speaks of several targets is told of each of them already.
      if ((verdict.of ?? []).length > 1) continue;
      const found = excessBad(verdict);
      if (found === null) continue;
      const sum = sums.get(verdict.metric) ?? { bad: 0, requests: 0 };
      sums.set(verdict.metric, {
        bad: sum.bad + found.bad,
        requests: sum.requests + found.requests,
      });
    }
  }
  return [...sums].map(([metric, { bad, requests }]) => ({
    metric,
    bad: Math.round(bad),
    requests: Math.round(requests),
  }));
}

function excessBad({ detail, stable, candidate }: MetricVerdict) {
  if (detail?.type !== 'ratio' || detail.bad === 'down') return null;
  const { value, requests } = candidate;
  if (value === null || requests === null || stable.value === null) return null;
  return { bad: Math.max(0, value - stable.value) * requests, requests };
}
