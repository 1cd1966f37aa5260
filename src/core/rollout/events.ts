import { z } from 'zod';
import { Judgement } from '#core/analysis/verdict.ts';
import { ChangeList } from '#core/changes/change-list.ts';
import { Actor, Membership } from '#core/people.ts';
import { Plan } from '#core/plan.ts';
import { Artifact } from '#core/release.ts';

/** Why a rollout is paused: data, never text. */
export const PauseReason = z.enum([
  'hold_step',
  'operator',
  'inconclusive',
  'provider_down',
  'low_traffic',
  'gate',
  'policy_changed',
  'drift',
  'rollback_stopped',
  'target_unavailable',
  'alert',
]);
export type PauseReason = z.infer<typeof PauseReason>;

export const GateOutcome = z.strictObject({
  gate: z.string(),
  verdict: z.enum(['pass', 'hold', 'block', 'overridden']),
  reason: z.string(),
  next: z.string(),
  evidence: z.array(z.string()),
  until: z.number().nullable(),
});
export type GateOutcome = z.infer<typeof GateOutcome>;

/** Why a rollout turns back. */
export const AbortCause = z.strictObject({
  /** `taken_over`: another release was given its place; nothing is said against its version. */
  kind: z.enum(['person', 'taken_over', 'verdict', 'limit', 'step_failed', 'deadline', 'alert']),
  detail: z.string(),
});
export type AbortCause = z.infer<typeof AbortCause>;

/** What a rollout waits for because it is out of reach or gives no answer that can be used. */
export const OutageReason = z.strictObject({
  of: z.enum(['target', 'metrics']),
  /** The target or the metrics source, as the settings name it. */
  name: z.string(),
  /** The code of the fault, as in `docs/codes.md`. */
  code: z.string(),
  detail: z.string(),
});
export type OutageReason = z.infer<typeof OutageReason>;

/** Facts about one rollout, in the past tense. The rollout's state is a fold over them. */
export const RolloutEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rollout.requested'),
    rollout: z.string(),
    intent: z.enum(['deploy', 'rollback']),
    service: z.string(),
    environment: z.string(),
    artifact: Artifact,
    requester: Actor,
    reason: z.string(),
    breakGlass: z.boolean(),
    /** Channel where it was asked for: the card goes there too. */
    origin: z.json(),
  }),
  z.strictObject({ kind: z.literal('plan.made'), plan: Plan, hash: z.string() }),
  /** What the release brings against what ran as it was planned; null, with the reason, where it could not be read. */
  z.strictObject({
    kind: z.literal('changes.noted'),
    list: ChangeList.nullable(),
    because: z.string(),
  }),
  /** The plan no longer matches the world; approvals bound to it are void. */
  z.strictObject({ kind: z.literal('plan.voided'), hash: z.string(), because: z.string() }),
  z.strictObject({
    kind: z.literal('gates.evaluated'),
    step: z.number().int(),
    verb: z.enum(['start', 'advance', 'promote', 'rollback']),
    outcomes: z.array(GateOutcome),
  }),
  z.strictObject({
    kind: z.literal('approval.given'),
    by: Actor,
    hash: z.string(),
    role: z.string(),
    method: z.enum(['chat', 'passkey']),
    comment: z.string(),
    evidence: z.array(Membership),
    expiresAt: z.number(),
  }),
  z.strictObject({
    kind: z.literal('approval.denied'),
    by: Actor,
    hash: z.string(),
    comment: z.string(),
  }),
  z.strictObject({
    kind: z.literal('approval.revoked'),
    by: Actor,
    hash: z.string(),
    because: z.string(),
  }),
  z.strictObject({
    kind: z.literal('rollout.queued'),
    behind: z.string(),
    position: z.number().int(),
  }),
  z.strictObject({ kind: z.literal('rollout.started') }),
  z.strictObject({
    kind: z.literal('step.started'),
    step: z.number().int(),
    attempt: z.number().int(),
  }),
  z.strictObject({ kind: z.literal('step.noted'), step: z.number().int(), note: z.string() }),
  z.strictObject({ kind: z.literal('step.finished'), step: z.number().int(), note: z.string() }),
  z.strictObject({
    kind: z.literal('step.failed'),
    step: z.number().int(),
    /** `failed`: the answer was no. `errored`: we could not find out or could not act. */
    outcome: z.enum(['failed', 'errored']),
    note: z.string(),
  }),
  z.strictObject({
    kind: z.literal('step.skipped'),
    step: z.number().int(),
    by: Actor,
    reason: z.string(),
  }),
  z.strictObject({
    kind: z.literal('weight.shifted'),
    target: z.string(),
    weight: z.number().int(),
  }),
  z.strictObject({
    kind: z.literal('analysis.judged'),
    step: z.number().int(),
    judgement: Judgement,
    /** Where the samples that were judged are stored, and their SHA-256. */
    samples: z.string(),
    samplesHash: z.string(),
  }),
  z.strictObject({
    kind: z.literal('rollout.paused'),
    reason: PauseReason,
    detail: z.string(),
    by: Actor,
  }),
  z.strictObject({ kind: z.literal('rollout.resumed'), by: Actor, reason: z.string() }),
  z.strictObject({
    kind: z.literal('hold.advanced'),
    step: z.number().int(),
    by: Actor,
    reason: z.string(),
  }),
  z.strictObject({
    kind: z.literal('rollback.announced'),
    cause: AbortCause,
    /** When it will begin unless somebody stops it. */
    at: z.number(),
  }),
  z.strictObject({ kind: z.literal('rollback.stopped'), by: Actor, reason: z.string() }),
  z.strictObject({ kind: z.literal('abort.begun'), cause: AbortCause, by: Actor }),
  z.strictObject({
    kind: z.literal('abort.stepped'),
    /** Which of the way-back steps was completed on which target. */
    target: z.string(),
    done: z.enum(['capacity', 'weight', 'removed', 'replaced']),
  }),
  /** An alert about its service began while it was under way. */
  z.strictObject({
    kind: z.literal('alert.stamped'),
    /** `<group>#<episode>`. */
    alert: z.string(),
    name: z.string(),
    severity: z.string(),
    startsAt: z.number(),
  }),
  z.strictObject({ kind: z.literal('alert.cleared'), alert: z.string(), because: z.string() }),
  /** Something that it needs is out of reach, or is so for another reason than was told last. */
  OutageReason.extend({ kind: z.literal('outage.begun') }),
  /** What was waited for answers again. */
  z.strictObject({
    kind: z.literal('outage.over'),
    of: OutageReason.shape.of,
    name: z.string(),
    seconds: z.number().int(),
  }),
  z.strictObject({ kind: z.literal('rollout.stuck'), because: z.string() }),
  z.strictObject({ kind: z.literal('rollout.succeeded'), artifact: Artifact }),
  z.strictObject({
    kind: z.literal('rollout.rolled_back'),
    to: Artifact.nullable(),
    /** Targets of earlier waves that keep the new release, as the plan had it. */
    kept: z.array(z.string()).min(1).optional(),
  }),
  z.strictObject({ kind: z.literal('rollout.cancelled'), by: Actor, reason: z.string() }),
  z.strictObject({ kind: z.literal('rollout.expired'), because: z.string() }),
  z.strictObject({ kind: z.literal('rollout.superseded'), by: z.string() }),
  z.strictObject({
    kind: z.literal('override.used'),
    by: Actor,
    reason: z.string(),
    gates: z.array(z.string()),
    /** The membership that gave the right to; absent in histories that began before it was kept. */
    evidence: z.array(Membership).optional(),
  }),
  z.strictObject({ kind: z.literal('override.reviewed'), by: Actor, comment: z.string() }),
]);
export type RolloutEvent = z.infer<typeof RolloutEvent>;
