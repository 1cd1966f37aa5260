import type { z } from 'zod';
import type { FactKey, Facts } from './facts.ts';
import type { Instant } from './ids.ts';
import type { Plan } from './plan.ts';

/** The moment a gate is asked. Going back is never asked of freezes, soak or quorum. */
export type GateVerb = 'start' | 'advance' | 'promote' | 'rollback';

/**
 * What a gate answers. `pass`: go on. `hold`: not now, ask again (at `until` if known).
 * `block`: no, and waiting will not change it; a person or a new plan must.
 */
export interface GateDecision {
  readonly verdict: 'pass' | 'hold' | 'block';
  /** One plain sentence that names the values. */
  readonly reason: string;
  /** What to do about it; empty for `pass`. */
  readonly next: string;
  /** Facts that decided, one plain line each: they go into the ledger. */
  readonly evidence: readonly string[];
  readonly until: Instant | null;
}

/** What every gate may look at besides its facts. */
export interface GateQuestion {
  readonly verb: GateVerb;
  readonly now: Instant;
  readonly plan: Plan;
}

/**
 * A named rule. Pure: it sees only the facts that it says it needs.
 * `overridable` gates can be passed by break-glass; the others by nobody.
 */
export interface Gate<Options = unknown, Key extends FactKey = FactKey> {
  readonly name: string;
  readonly summary: string;
  readonly options: z.ZodType<Options>;
  readonly needs: readonly Key[];
  readonly overridable: boolean;
  /** Which verbs the gate is asked for. */
  readonly asks: readonly GateVerb[];
  evaluate(options: Options, facts: Pick<Facts, Key>, question: GateQuestion): GateDecision;
}
