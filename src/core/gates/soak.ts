import { z } from 'zod';
import { formatDuration } from '#core/duration.ts';
import { Duration } from '#core/duration-setting.ts';
import type { Gate } from '#core/gate.ts';

const Options = z.strictObject({
  for: Duration.describe(
    'How long the artifact must have run, verified and undisturbed, in the environment before.',
  ),
});

/** The artifact has proven itself in the environment before for long enough. */
export const soak: Gate<z.infer<typeof Options>, 'upstream'> = {
  name: 'soak',
  summary: 'The artifact has run long enough in the environment before.',
  options: Options,
  needs: ['upstream'],
  overridable: true,
  asks: ['start'],
  evaluate(options, { upstream }, { now }) {
    if (upstream === null) {
      return {
        verdict: 'pass',
        reason: 'No environment before this one.',
        next: '',
        evidence: [],
        until: null,
      };
    }
    const { environment, verifiedAt, soakedSeconds } = upstream;
    if (verifiedAt === null) {
      return {
        verdict: 'hold',
        reason: `It has not been released to ${environment} yet.`,
        next: `Release it to ${environment} first, then promote it.`,
        evidence: [],
        until: null,
      };
    }
    const missing = options.for - soakedSeconds;
    if (missing > 0) {
      const until = now + missing * 1000;
      return {
        verdict: 'hold',
        reason: `It must run ${formatDuration(options.for)} in ${environment}.`,
        next: 'Wait; it goes on by itself.',
        evidence: [`ran since ${verifiedAt} in ${environment}`],
        until,
      };
    }
    return {
      verdict: 'pass',
      reason: `It ran at least ${formatDuration(options.for)} in ${environment}.`,
      next: '',
      evidence: [`ran ${soakedSeconds} s in ${environment}`],
      until: null,
    };
  },
};
