import { z } from 'zod';
import type { Gate } from '#core/gate.ts';
import { sameArtifact } from '#core/same-artifact.ts';

const Options = z.strictObject({});

/** Exactly these bits were verified in the environment before: promotion never rebuilds. */
export const sameArtifactGate: Gate<z.infer<typeof Options>, 'upstream'> = {
  name: 'same-artifact',
  summary: 'The same digest was verified in the environment before.',
  options: Options,
  needs: ['upstream'],
  overridable: true,
  asks: ['start'],
  evaluate(_options, { upstream }, { plan }) {
    if (upstream === null) {
      return {
        verdict: 'pass',
        reason: 'No environment before this one.',
        next: '',
        evidence: [],
        until: null,
      };
    }
    if (upstream.verifiedAt === null) {
      return {
        verdict: 'hold',
        reason: `${plan.artifact.version} was never verified in ${upstream.environment}.`,
        next: `Release it to ${upstream.environment} first.`,
        evidence: [`wanted ${plan.artifact.digest}`],
        until: null,
      };
    }
    const there = sameArtifact(upstream.runs, plan.artifact) ? 'runs' : 'was verified';
    return {
      verdict: 'pass',
      reason: `The same digest ${there} in ${upstream.environment}.`,
      next: '',
      evidence: [plan.artifact.digest],
      until: null,
    };
  },
};
