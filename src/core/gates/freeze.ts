import { z } from 'zod';
import { formatInstant } from '#core/calendar.ts';
import { freezeCovers } from '#core/freeze.ts';
import { evaluateWindows } from '#core/freeze-windows.ts';
import type { Gate } from '#core/gate.ts';
import type { FreezeWindow } from '#core/settings/settings.ts';

const Options = z.strictObject({
  windows: z
    .array(z.string())
    .default([])
    .describe('Names of planned windows under `freezes` of the settings.'),
});
type Options = z.infer<typeof Options>;

/** No planned window and no freeze that somebody set is in force. Going back is never asked. */
export const freeze: Gate<Options, 'freezes' | 'windows'> = {
  name: 'freeze',
  summary: 'No freeze is in force, planned or set by hand.',
  options: Options,
  needs: ['freezes', 'windows'],
  overridable: true,
  asks: ['start', 'advance', 'promote'],
  evaluate(options, { freezes, windows }, { now, verb, plan }) {
    const set = freezes.find(
      ({ scope, until }) =>
        freezeCovers(scope, plan.service, plan.environment) && (until === null || until > now),
    );
    if (set !== undefined) {
      return {
        verdict: 'hold',
        reason: `Frozen by ${set.by.displayName}: ${set.reason}`,
        next: `Wait for the thaw, or ask ${set.by.displayName}.`,
        evidence: [`freeze ${set.id} on ${set.scope}`],
        until: set.until,
      };
    }
    const named = options.windows.flatMap((name) => windows[name] ?? []);
    const planned = evaluateWindows(verb === 'start' ? named : named.filter(holdsUnderWay), now);
    if (planned.frozen) {
      return {
        verdict: 'hold',
        reason: `Planned freeze: ${planned.reason}`,
        next:
          planned.until === null ? 'Wait for its end.' : `It ends ${formatInstant(planned.until)}.`,
        evidence: [planned.reason],
        until: planned.until,
      };
    }
    return {
      verdict: 'pass',
      reason: 'No freeze.',
      next: '',
      evidence: [],
      until: planned.nextFreeze,
    };
  },
};

/** A rollout under way is stopped only by windows that say so. */
function holdsUnderWay(window: FreezeWindow): boolean {
  return window.overrun === 'hold';
}
