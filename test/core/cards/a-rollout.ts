import type { Judgement, MetricVerdict } from '#core/analysis/verdict.ts';
import type { Actor } from '#core/people.ts';
import type { Plan } from '#core/plan.ts';
import type { Artifact } from '#core/release.ts';
import type { GateOutcome, RolloutEvent } from '#core/rollout/events.ts';
import { fold } from '#core/rollout/evolve.ts';
import type { RolloutState } from '#core/rollout/state.ts';

/** 2026-11-21 14:00:00 UTC. */
export const start = Date.UTC(2026, 10, 21, 14);
export const hash = 'ab12cd34'.repeat(8);

export function person(name: string): Actor {
  return {
    person: name.toLowerCase(),
    account: { platform: 'console', tenant: 'local', user: name.toLowerCase() },
    displayName: name,
  };
}

export function artifact(version: string): Artifact {
  const digit = version.replace(/\D/g, '').charAt(0) || '0';
  return { service: 'shop', version, digest: `sha256:${digit.repeat(64)}` };
}

export function plan(overrides: Partial<Plan> = {}): Plan {
  const deadlineSeconds = 600;
  const target = 'eu-1';
  return {
    format: 1,
    rollout: 'shop-12',
    intent: 'deploy',
    service: 'shop',
    environment: 'production',
    production: true,
    artifact: artifact('v2'),
    previous: artifact('v1'),
    targets: [{ target, adapter: 'sandbox', identity: 'x', stable: artifact('v1'), wave: 1 }],
    strategy: 'canary',
    steps: [
      { kind: 'prepare', wave: 1, target, capacityPercent: 50, deadlineSeconds },
      { kind: 'shift', wave: 1, target, weight: 10, deadlineSeconds },
      { kind: 'analyse', wave: 1, target, analysis: 'web', seconds: 300, everySeconds: 15 },
      { kind: 'hold', wave: 1, note: 'look at the dashboards' },
      { kind: 'shift', wave: 1, target, weight: 50, deadlineSeconds },
      { kind: 'analyse', wave: 1, target, analysis: 'web', seconds: 300, everySeconds: 15 },
      { kind: 'promote', wave: 1, target, deadlineSeconds },
      { kind: 'retire', wave: 1, target, deadlineSeconds },
    ],
    gates: [
      { gate: 'lock', options: {} },
      { gate: 'approval', options: {} },
    ],
    pointsOfNoReturn: [],
    rollbackPlan: ['Traffic goes back to v1 first.', 'Then v2 is removed.'],
    expectedSeconds: 900,
    detectSeconds: 45,
    lint: [],
    autoRollback: true,
    rollbackCountdownSeconds: 10,
    policyDigest: 'p',
    requester: person('Ada'),
    reason: 'new checkout',
    breakGlass: false,
    madeAt: start,
    notAfter: start + 86_400_000,
    nonce: 'n',
    ...overrides,
  };
}

export function outcome(
  gate: string,
  verdict: GateOutcome['verdict'],
  reason = '',
  next = '',
): GateOutcome {
  return { gate, verdict, reason, next, evidence: [], until: null };
}

export function metric(name: string, overrides: Partial<MetricVerdict> = {}): MetricVerdict {
  return {
    metric: name,
    verdict: 'same',
    because: null,
    critical: false,
    dryRun: false,
    limitCrossed: false,
    stable: { points: 20, requests: 1200, value: 0.004 },
    candidate: { points: 20, requests: 130, value: 0.0042 },
    estimate: 0.0002,
    low: -0.001,
    high: 0.0013,
    relative: 0.05,
    detectable: 0.4,
    test: 'exact',
    explanation: `${name} of v2 is no worse than of v1.`,
    leftOut: [],
    ...overrides,
  };
}

export function judgement(look: number, overrides: Partial<Judgement> = {}): Judgement {
  return {
    look,
    phase: 'running',
    action: 'go_on',
    metrics: [
      metric('errors', { critical: true }),
      metric('p95', {
        stable: { points: 20, requests: 1200, value: 182 },
        candidate: { points: 20, requests: 130, value: 191 },
      }),
    ],
    summary: 'No difference that matters after 130 requests.',
    ...overrides,
  };
}

/** The state after the events, one second apart, beginning with the request by Ada. */
export function afterEvents(...events: readonly RolloutEvent[]): RolloutState {
  const all: readonly RolloutEvent[] = [requested(), ...events];
  const state = fold(
    all.map((event, index) => ({ at: start + index * 1000, actor: person('Ada'), event })),
  );
  if (state === null) throw new Error('no events');
  return state;
}

export function requested(
  overrides: Partial<Extract<RolloutEvent, { kind: 'rollout.requested' }>> = {},
): RolloutEvent {
  return {
    kind: 'rollout.requested',
    rollout: 'shop-12',
    intent: 'deploy',
    service: 'shop',
    environment: 'production',
    artifact: artifact('v2'),
    requester: person('Ada'),
    reason: 'new checkout',
    breakGlass: false,
    origin: null,
    ...overrides,
  };
}

export const planned: RolloutEvent = { kind: 'plan.made', plan: plan(), hash };
export const asked: RolloutEvent = {
  kind: 'gates.evaluated',
  step: 0,
  verb: 'start',
  outcomes: [
    outcome('lock', 'pass'),
    outcome('freeze', 'pass'),
    outcome(
      'approval',
      'hold',
      '0 of 1 approvals by approver.',
      'Somebody who may approve clicks Approve.',
    ),
  ],
};
export const begun: RolloutEvent = { kind: 'rollout.started' };

/** Steps 0 to `count - 1` done, and the share of traffic that goes with them. */
export function through(count: number): readonly RolloutEvent[] {
  return plan()
    .steps.slice(0, count)
    .flatMap((step, index): RolloutEvent[] => [
      { kind: 'step.started', step: index, attempt: 1 },
      ...(step.kind === 'shift'
        ? [{ kind: 'weight.shifted', target: step.target, weight: step.weight } as const]
        : []),
      { kind: 'step.finished', step: index, note: '' },
    ]);
}

/** Every state that people meet, by name. */
export const states = {
  planned: afterEvents(),
  waiting: afterEvents(planned, asked),
  queued: afterEvents(planned, asked, { kind: 'rollout.queued', behind: 'shop-11', position: 1 }),
  blocked: afterEvents(planned, {
    kind: 'gates.evaluated',
    step: 0,
    verb: 'start',
    outcomes: [
      outcome('lock', 'block', 'Locked by Bob: incident 4711.', 'Ask Bob, or unlock it.'),
      outcome('approval', 'pass'),
    ],
  }),
  progressing: afterEvents(
    planned,
    asked,
    begun,
    ...through(2),
    { kind: 'step.started', step: 2, attempt: 1 },
    ...looks(2, 3),
  ),
  held: afterEvents(planned, asked, begun, ...through(3), {
    kind: 'rollout.paused',
    reason: 'hold_step',
    detail: 'look at the dashboards',
    by: person('Signalbox'),
  }),
  inconclusive: afterEvents(planned, asked, begun, ...through(2), ...looks(2, 2), {
    kind: 'rollout.paused',
    reason: 'inconclusive',
    detail: 'too little difference to tell after 4 more looks',
    by: person('Signalbox'),
  }),
  countdown: afterEvents(planned, asked, begun, ...through(2), ...looks(2, 3, true), {
    kind: 'rollback.announced',
    cause: { kind: 'verdict', detail: 'errors are worse: 4.1 % against 0.4 %' },
    at: start + 60_000,
  }),
  promoting: afterEvents(planned, asked, begun, ...through(6), {
    kind: 'step.started',
    step: 6,
    attempt: 1,
  }),
  aborting: afterEvents(planned, asked, begun, ...through(2), {
    kind: 'abort.begun',
    cause: { kind: 'verdict', detail: 'errors are worse: 4.1 % against 0.4 %' },
    by: person('Signalbox'),
  }),
  stuck: afterEvents(planned, asked, begun, ...through(1), {
    kind: 'rollout.stuck',
    because: 'somebody else owns the weights of eu-1',
  }),
  succeeded: afterEvents(planned, asked, begun, ...through(8), {
    kind: 'rollout.succeeded',
    artifact: artifact('v2'),
  }),
  rolledBack: afterEvents(
    planned,
    asked,
    begun,
    ...through(2),
    {
      kind: 'abort.begun',
      cause: { kind: 'verdict', detail: 'errors are worse' },
      by: person('Signalbox'),
    },
    { kind: 'rollout.rolled_back', to: artifact('v1') },
  ),
  cancelled: afterEvents(planned, asked, {
    kind: 'rollout.cancelled',
    by: person('Bob'),
    reason: 'not today',
  }),
  expired: afterEvents(planned, asked, {
    kind: 'rollout.expired',
    because: 'it did not start in time',
  }),
  superseded: afterEvents(planned, asked, { kind: 'rollout.superseded', by: 'shop-13' }),
} as const;

function looks(step: number, count: number, bad = false): readonly RolloutEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'analysis.judged',
    step,
    judgement:
      bad && index === count - 1
        ? judgement(index + 1, {
            action: 'roll_back',
            phase: 'failed',
            summary: 'errors are worse: 4.1 % against 0.4 % after 390 requests.',
            metrics: [
              metric('errors', {
                critical: true,
                verdict: 'worse',
                relative: 9.2,
                candidate: { points: 20, requests: 390, value: 0.041 },
              }),
              metric('p95', {
                stable: { points: 20, requests: 1200, value: 182 },
                candidate: { points: 20, requests: 130, value: 191 },
              }),
            ],
          })
        : judgement(index + 1),
    samples: 's',
    samplesHash: 'h',
  }));
}
