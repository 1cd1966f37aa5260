import type { Judgement } from '#core/analysis/verdict.ts';
import type { Actor } from '#core/people.ts';
import { makePlan, type PlanInput } from '#core/planning.ts';
import type { Artifact } from '#core/release.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { evolve } from '#core/rollout/evolve.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { EnvironmentSettings, ServiceSettings } from '#core/settings/settings.ts';
import type { TargetStatus } from '#core/target-state.ts';

export function actor(person: string): Actor {
  return {
    person,
    account: { platform: 'console', tenant: 'console', user: person },
    displayName: person,
  };
}

export const ada = actor('ada');
export const grace = actor('grace');

export function artifact(version: string): Artifact {
  const digit = version.replaceAll(/\D/g, '').slice(-1) || '0';
  return { service: 'shop', version, digest: `sha256:${digit.repeat(64)}` };
}

export function planInput(over: Partial<PlanInput> = {}): PlanInput {
  return {
    rollout: 'shop-1',
    intent: 'deploy',
    place: {
      service: 'shop',
      environment: 'production',
      serviceSettings: ServiceSettings.parse({
        registry: 'sandbox',
        environments: { production: { waves: [['shop-production']] } },
      }),
      environmentSettings: EnvironmentSettings.parse({
        production: true,
        strategy: 'canary',
        channel: 'releases',
      }),
      waves: [['shop-production']],
      strategy: 'canary',
      analysis: 'web',
      gates: [{ gate: 'approval', options: { role: 'approver' } }],
    },
    strategy: {
      kind: 'canary',
      options: {
        stages: [
          { weight: 10, for: 30 },
          { weight: 50, for: 30, hold: true },
        ],
      },
    },
    analysis: null,
    artifact: artifact('v2'),
    targets: [
      {
        target: 'shop-production',
        adapter: 'sandbox',
        identity: 'uid-1',
        stable: artifact('v1'),
        wave: 0,
      },
    ],
    expected: new Map(),
    freshBaseline: true,
    policyDigest: 'p1',
    requester: ada,
    reason: '',
    breakGlass: false,
    lint: [],
    now: 1_000_000,
    nonce: 'n',
    ...over,
  };
}

export function requestedEvent(
  over: Partial<Extract<RolloutEvent, { kind: 'rollout.requested' }>> = {},
): RolloutEvent {
  return {
    kind: 'rollout.requested',
    rollout: 'shop-1',
    intent: 'deploy',
    service: 'shop',
    environment: 'production',
    artifact: artifact('v2'),
    requester: ada,
    reason: '',
    breakGlass: false,
    origin: null,
    ...over,
  };
}

/** Folds events that all happened at `at`. */
export function after(
  state: RolloutState | null,
  at: number,
  ...events: readonly RolloutEvent[]
): RolloutState {
  let present = state;
  for (const event of events) present = evolve(present, { at, actor: ada, event });
  if (present === null) throw new Error('no events');
  return present;
}

/** A rollout with a plan, waiting at its gates. */
export function planned(over: Partial<PlanInput> = {}): RolloutState {
  const plan = makePlan(planInput(over));
  if (!plan.ok) throw new Error(plan.refusal.message);
  return after(null, 1_000_000, requestedEvent(), {
    kind: 'plan.made',
    plan: plan.value,
    hash: 'h1',
  });
}

export function status(over: Partial<TargetStatus> = {}): TargetStatus {
  return {
    identity: 'uid-1',
    stable: { artifact: artifact('v1'), wanted: 3, ready: 3 },
    candidate: null,
    weight: 0,
    weightProof: 'measured',
    stamp: null,
    problems: [],
    jobs: {},
    drift: null,
    ...over,
  };
}

export function judgement(action: Judgement['action'], look = 1): Judgement {
  const phase = action === 'go_on' ? 'running' : action === 'pause' ? 'inconclusive' : 'failed';
  return { look, phase, action, metrics: [], summary: `summary of ${action}` };
}
