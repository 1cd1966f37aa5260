import type { LinkedAlert } from '#core/figures/deployments.ts';
import { type ReleaseRecord, recordOf } from '#core/figures/release-record.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { fold } from '#core/rollout/evolve.ts';
import { artifact, hash, person, plan } from '../cards/a-rollout.ts';
import { judgement } from '../rollout/sample.ts';

/** An instant in November 2026, UTC. */
export function november(day: number, hour = 0, minute = 0): number {
  return Date.UTC(2026, 10, day, hour, minute);
}

const target = 'eu-1';
const steps = [
  { kind: 'prepare', wave: 1, target, capacityPercent: 50, deadlineSeconds: 600 },
  { kind: 'shift', wave: 1, target, weight: 10, deadlineSeconds: 600 },
  { kind: 'promote', wave: 1, target, deadlineSeconds: 600 },
] as const;

interface Story {
  readonly version: string;
  readonly environment?: string;
  readonly intent?: 'rollback';
  readonly reason?: string;
  readonly committed?: number;
  readonly requested: number;
  readonly approved?: number;
  readonly started?: number;
  readonly traffic?: number;
  readonly judged?: 'good' | 'bad';
  readonly abort?: number;
  readonly ended: number;
  readonly end: 'succeeded' | 'rolled_back' | 'cancelled';
}

/** One release as the ledger would hold it, event by event, folded as the product does. */
function release(id: string, story: Story): ReleaseRecord {
  const { environment = 'production', intent = 'deploy', reason = '' } = story;
  const ada = person('Ada');
  const made = {
    ...artifact(story.version),
    ...(story.committed === undefined ? {} : { source: { committedAt: story.committed } }),
  };
  const at = (when: number | undefined, ...events: readonly RolloutEvent[]) =>
    when === undefined ? [] : events.map((event) => ({ at: when, actor: ada, event }));
  const state = fold([
    ...at(
      story.requested,
      {
        kind: 'rollout.requested',
        rollout: id,
        intent,
        service: 'shop',
        environment,
        artifact: made,
        requester: ada,
        reason,
        breakGlass: false,
        origin: null,
      },
      {
        kind: 'plan.made',
        hash,
        plan: plan({
          rollout: id,
          intent,
          environment,
          production: environment === 'production',
          artifact: made,
          steps: [...steps],
        }),
      },
    ),
    ...at(story.approved, {
      kind: 'approval.given',
      by: person('Grace'),
      hash,
      role: 'approver',
      method: 'chat',
      comment: '',
      evidence: [],
      expiresAt: story.ended + 1,
    }),
    ...at(story.started, { kind: 'rollout.started' }),
    ...at(
      story.traffic,
      { kind: 'step.started', step: 1, attempt: 1 },
      {
        kind: 'weight.shifted',
        target,
        weight: 10,
      },
    ),
    ...at(story.judged === undefined ? undefined : story.traffic, {
      kind: 'analysis.judged',
      step: 1,
      judgement: judgement(story.judged === 'bad' ? 'roll_back' : 'go_on'),
      samples: 's',
      samplesHash: 'h',
    }),
    ...at(story.abort, {
      kind: 'abort.begun',
      by: ada,
      cause: { kind: story.judged === 'bad' ? 'verdict' : 'step_failed', detail: 'errors' },
    }),
    ...at(
      story.ended,
      story.end === 'succeeded'
        ? { kind: 'rollout.succeeded', artifact: made }
        : story.end === 'rolled_back'
          ? { kind: 'rollout.rolled_back', to: artifact('v1') }
          : { kind: 'rollout.cancelled', by: ada, reason: 'not today' },
    ),
  ]);
  if (state === null) throw new Error('nothing was folded');
  return recordOf(state);
}

/** What each of the numbers in the test was worked out from by hand. */
export const handMade: readonly ReleaseRecord[] = [
  release('shop-1', {
    version: 'v2',
    committed: november(2, 9),
    requested: november(3, 9),
    approved: november(3, 9, 10),
    started: november(3, 9, 15),
    traffic: november(3, 9, 20),
    judged: 'good',
    ended: november(3, 10),
    end: 'succeeded',
  }),
  // Live for an hour, then rolled back by the next one.
  release('shop-2', {
    version: 'v3',
    committed: november(4, 9),
    requested: november(4, 10),
    approved: november(4, 10, 30),
    started: november(4, 10, 30),
    traffic: november(4, 10, 35),
    ended: november(4, 11),
    end: 'succeeded',
  }),
  release('shop-3', {
    version: 'v2',
    intent: 'rollback',
    requested: november(4, 12),
    started: november(4, 12, 1),
    traffic: november(4, 12, 1),
    ended: november(4, 12, 5),
    end: 'succeeded',
  }),
  // Caught in the canary.
  release('shop-4', {
    version: 'v4',
    requested: november(5, 9),
    started: november(5, 9, 5),
    traffic: november(5, 9, 10),
    judged: 'bad',
    abort: november(5, 9, 30),
    ended: november(5, 9, 32),
    end: 'rolled_back',
  }),
  // Caught before anybody was served: no failure.
  release('shop-5', {
    version: 'v5',
    requested: november(6, 9),
    started: november(6, 9),
    abort: november(6, 9, 5),
    ended: november(6, 9, 6),
    end: 'rolled_back',
  }),
  // An alert is linked to it; the next one repairs it.
  release('shop-6', {
    version: 'v6',
    requested: november(10, 9),
    started: november(10, 9),
    traffic: november(10, 9, 5),
    ended: november(10, 9, 30),
    end: 'succeeded',
  }),
  release('shop-7', {
    version: 'v7',
    reason: 'hotfix: the price is null',
    requested: november(10, 11),
    started: november(10, 11),
    traffic: november(10, 11, 5),
    ended: november(10, 11, 30),
    end: 'succeeded',
  }),
  release('shop-8', {
    version: 'v8',
    requested: november(12, 9),
    ended: november(12, 10),
    end: 'cancelled',
  }),
  release('shop-9', {
    version: 'v9',
    environment: 'staging',
    requested: november(17, 8),
    started: november(17, 8),
    traffic: november(17, 8, 5),
    ended: november(17, 8, 30),
    end: 'succeeded',
  }),
  release('shop-10', {
    version: 'v9',
    committed: november(17, 7, 30),
    requested: november(17, 9),
    started: november(17, 9),
    traffic: november(17, 9, 5),
    ended: november(17, 9, 30),
    end: 'succeeded',
  }),
];

export const handMadeAlerts: readonly LinkedAlert[] = [
  {
    alert: 'alert-1',
    rollout: 'shop-6',
    startsAt: november(10, 9, 50),
    resolvedAt: november(10, 10, 20),
    fails: true,
  },
  // A warning is linked and shown, but fails nothing.
  {
    alert: 'alert-2',
    rollout: 'shop-10',
    startsAt: november(17, 9, 20),
    resolvedAt: november(17, 9, 40),
    fails: false,
  },
];
