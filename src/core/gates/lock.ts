import { z } from 'zod';
import type { Gate } from '#core/gate.ts';

const Options = z.strictObject({});

/** Nobody else holds a lock on the place. The lock's owner passes their own lock. */
export const lock: Gate<z.infer<typeof Options>, 'locks'> = {
  name: 'lock',
  summary: 'Nobody else holds a lock on the place.',
  options: Options,
  needs: ['locks'],
  overridable: true,
  asks: ['start', 'advance', 'promote'],
  evaluate(_options, { locks }, { plan }) {
    const held = locks.find(
      ({ owner, rollout }) => owner.person !== plan.requester.person && rollout !== plan.rollout,
    );
    if (held === undefined) {
      return { verdict: 'pass', reason: 'No lock.', next: '', evidence: [], until: null };
    }
    return {
      verdict: 'hold',
      reason: `Locked by ${held.owner.displayName}: ${held.reason}`,
      next: `Ask ${held.owner.displayName}, or use unlock if you may.`,
      evidence: [`lock by ${held.owner.person} since ${held.since}`],
      until: held.until,
    };
  },
};
