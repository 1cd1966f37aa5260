import { z } from 'zod';
import { FailurePolicy } from './failure-policy.ts';
import { Actor } from './people.ts';
import { Artifact } from './release.ts';
import { Step } from './step.ts';

/** One place inside an environment, as the plan saw it. */
export const PlannedTarget = z.strictObject({
  target: z.string(),
  adapter: z.string(),
  /** Cluster, namespace and object ids in one opaque text; a change voids the plan. */
  identity: z.string(),
  /** What ran there when the plan was made; null at the first release. */
  stable: Artifact.nullable(),
  wave: z.number().int(),
});
export type PlannedTarget = z.infer<typeof PlannedTarget>;

/** A gate that this plan must pass, with its options as configured. */
export const PlannedGate = z.strictObject({
  gate: z.string(),
  options: z.record(z.string(), z.json()),
});
export type PlannedGate = z.infer<typeof PlannedGate>;

/**
 * What will be done, exactly. Its canonical bytes are hashed; approvals bind to that hash.
 * Only strings, integers, booleans, null, arrays and objects occur in it (RFC 8785 without floats).
 */
export const Plan = z.strictObject({
  format: z.literal(1),
  rollout: z.string(),
  /** `deploy`: something new. `rollback`: back to what ran before, the fast way. */
  intent: z.enum(['deploy', 'rollback']),
  service: z.string(),
  environment: z.string(),
  production: z.boolean(),
  artifact: Artifact,
  /** What to return to; null at the first release. */
  previous: Artifact.nullable(),
  targets: z.array(PlannedTarget).min(1),
  strategy: z.string(),
  steps: z.array(Step).min(1),
  gates: z.array(PlannedGate),
  /** Indexes of steps after which going back is not offered. */
  pointsOfNoReturn: z.array(z.number().int()),
  /** How an abort goes back, one plain line each. */
  rollbackPlan: z.array(z.string()),
  /** What a failure takes back by itself; absent: every target that was touched. */
  onFailure: FailurePolicy.optional(),
  expectedSeconds: z.number().int(),
  /** Expected time of watching until twice the harm is seen; null when nobody knows or nothing watches. */
  detectSeconds: z.number().int().nullable(),
  /** Time of watching until a rise of so many percent is seen, by metric; null: not in these steps. */
  detection: z
    .array(
      z.strictObject({
        metric: z.string(),
        risePercent: z.number().int(),
        seconds: z.number().int().nullable(),
      }),
    )
    .optional(),
  /** Remarks of the plan-time lint, one plain line each. */
  lint: z.array(z.string()),
  autoRollback: z.boolean(),
  rollbackCountdownSeconds: z.number().int(),
  policyDigest: z.string(),
  requester: Actor,
  reason: z.string(),
  breakGlass: z.boolean(),
  madeAt: z.number().int(),
  /** After this instant nothing may start under this plan. */
  notAfter: z.number().int(),
  nonce: z.string(),
});
export type Plan = z.infer<typeof Plan>;
