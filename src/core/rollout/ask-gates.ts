import type { Facts } from '#core/facts.ts';
import type { Gate, GateDecision, GateVerb } from '#core/gate.ts';
import { gates } from '#core/gates/index.ts';
import type { Instant } from '#core/ids.ts';
import type { Plan, PlannedGate } from '#core/plan.ts';
import type { GateOutcome } from './events.ts';
import type { RolloutState } from './state.ts';

/** The gates of a plan that are asked for a verb, in the order of the index. */
function asked(plan: Plan, verb: GateVerb): readonly { gate: Gate; planned: PlannedGate }[] {
  return gates.flatMap((gate) =>
    plan.gates
      .filter((planned) => planned.gate === gate.name && gate.asks.includes(verb))
      .map((planned) => ({ gate, planned })),
  );
}

/**
 * Asks every gate of the plan. Gates that break-glass passed are `overridden`, if they may be.
 * Options were checked when the settings were read; options that no longer parse block.
 */
export function askGates(
  state: RolloutState,
  verb: GateVerb,
  facts: Facts,
  now: Instant,
): readonly GateOutcome[] {
  const { plan } = state;
  if (plan === null) return [];
  const overridden = state.overrides
    .filter(({ hash }) => hash === state.planHash)
    .flatMap(({ gates: names }) => names);
  return asked(plan, verb).map(({ gate, planned }) => {
    const decision = evaluate(gate, planned, facts, { verb, now, plan });
    const passes =
      decision.verdict !== 'pass' && gate.overridable && overridden.includes(gate.name);
    return {
      gate: gate.name,
      verdict: passes ? 'overridden' : decision.verdict,
      reason: decision.reason,
      next: decision.next,
      evidence: [...decision.evidence],
      until: decision.until,
    };
  });
}

function evaluate(
  gate: Gate,
  planned: PlannedGate,
  facts: Facts,
  question: { readonly verb: GateVerb; readonly now: Instant; readonly plan: Plan },
): GateDecision {
  const options = gate.options.safeParse(planned.options);
  if (options.success) return gate.evaluate(options.data, facts, question);
  return {
    verdict: 'block',
    reason: `The options of the gate ${gate.name} cannot be read.`,
    next: 'Correct the settings.',
    evidence: [],
    until: null,
  };
}
