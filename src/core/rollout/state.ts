import type { Judgement } from '#core/analysis/verdict.ts';
import type { ChangeList } from '#core/changes/change-list.ts';
import type { GateVerb } from '#core/gate.ts';
import type { Instant, PlanHash, RolloutId } from '#core/ids.ts';
import type { Actor, Membership } from '#core/people.ts';
import type { Plan } from '#core/plan.ts';
import type { Artifact } from '#core/release.ts';
import type { AbortCause, GateOutcome, OutageReason, PauseReason } from './events.ts';

/** The phases of a rollout. Terminal ones have no exit. */
export type Phase =
  | 'planned'
  | 'waiting'
  | 'progressing'
  | 'paused'
  | 'promoting'
  | 'finalising'
  | 'aborting'
  | 'stuck'
  | 'succeeded'
  | 'rolled_back'
  | 'cancelled'
  | 'expired'
  | 'superseded';

export const terminalPhases = [
  'succeeded',
  'rolled_back',
  'cancelled',
  'expired',
  'superseded',
] as const;

/** True when the rollout has ended for good. */
export function ended(phase: Phase): boolean {
  return terminalPhases.some((terminal) => terminal === phase);
}

export interface StepRun {
  readonly state: 'pending' | 'running' | 'done' | 'failed' | 'errored' | 'skipped';
  readonly attempt: number;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly note: string;
}

export interface Approval {
  readonly by: Actor;
  readonly hash: PlanHash;
  readonly role: string;
  readonly method: 'chat' | 'passkey';
  readonly comment: string;
  readonly evidence: readonly Membership[];
  readonly at: Instant;
  readonly expiresAt: Instant;
  readonly revoked: string | null;
}

/** An alert that began while a rollout was under way. */
export interface StampedAlert {
  /** `<group>#<episode>`. */
  readonly alert: string;
  readonly name: string;
  readonly severity: string;
  readonly startsAt: Instant;
  /** Why it no longer stands against the rollout; null while it does. */
  readonly cleared: string | null;
}

/** What a rollout waits for now: it is tried again until it answers or the deadline has passed. */
export interface Outage extends OutageReason {
  readonly since: Instant;
  /** When its reason was told last. */
  readonly told: Instant;
}

/** A rollout as its events made it. JSON-safe: it is stored beside the events as a projection. */
export interface RolloutState {
  readonly id: RolloutId;
  readonly intent: 'deploy' | 'rollback';
  readonly service: string;
  readonly environment: string;
  readonly artifact: Artifact;
  readonly requester: Actor;
  readonly reason: string;
  readonly breakGlass: boolean;
  readonly origin: unknown;
  readonly requestedAt: Instant;
  readonly phase: Phase;
  readonly plan: Plan | null;
  readonly planHash: PlanHash | null;
  readonly planMadeAt: Instant | null;
  /** What it brings, once that was looked up: `list` is null, with the reason, where it could not be read. */
  readonly changes?: { readonly list: ChangeList | null; readonly because: string };
  readonly approvals: readonly Approval[];
  readonly denials: readonly {
    readonly by: Actor;
    readonly hash: PlanHash;
    readonly comment: string;
    readonly at: Instant;
  }[];
  /** The last answers of the gates, and for which step and verb they were given. */
  readonly gates: {
    readonly step: number;
    readonly verb: GateVerb;
    readonly at: Instant;
    readonly outcomes: readonly GateOutcome[];
  } | null;
  readonly queue: { readonly behind: RolloutId; readonly position: number } | null;
  readonly startedAt: Instant | null;
  /** Index of the step at work, or of the next one; `steps.length` when all are done. */
  readonly step: number;
  readonly steps: readonly StepRun[];
  /** Traffic share of the new artifact by target, in percent, as last applied. */
  readonly weights: Readonly<Record<string, number>>;
  readonly pause: {
    readonly reason: PauseReason;
    readonly detail: string;
    readonly by: Actor;
    readonly at: Instant;
  } | null;
  /** All looks of the analysis at work, newest last; older analyses keep their last look. */
  readonly looks: readonly {
    readonly step: number;
    readonly at: Instant;
    readonly judgement: Judgement;
  }[];
  /** An automatic rollback that has been announced and not yet begun. */
  readonly countdown: { readonly cause: AbortCause; readonly at: Instant } | null;
  /** Once a verdict was Worse, weight never rises again in this rollout unless a person stopped the rollback. */
  readonly condemned: boolean;
  readonly abort: {
    readonly cause: AbortCause;
    readonly by: Actor;
    readonly at: Instant;
    readonly done: readonly {
      readonly target: string;
      readonly what: 'capacity' | 'weight' | 'removed' | 'replaced';
    }[];
  } | null;
  readonly stuck: string | null;
  readonly overrides: readonly {
    readonly by: Actor;
    readonly reason: string;
    readonly gates: readonly string[];
    /** The plan for which the glass was broken: a changed plan is not passed by it. */
    readonly hash: PlanHash | null;
    readonly reviewedBy: Actor | null;
  }[];
  /** Alerts about its service while it was under way; absent before the first. */
  readonly alerts?: readonly StampedAlert[];
  /** What is out of reach and holds it up; absent before the first time, null when nothing is. */
  readonly outage?: Outage | null;
  readonly endedAt: Instant | null;
  /** Why it ended without having been tried to its end; absent where its phase says it all. */
  readonly endedBecause?: string;
  /** True once any production traffic reached the new artifact. */
  readonly exposed: boolean;
}
