import { z } from 'zod';
import { Duration } from '#core/duration-setting.ts';
import type { Gate } from '#core/gate.ts';

const Options = z.strictObject({
  role: z.string().describe('The role whose holders may approve.'),
  quorum: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe('Distinct persons needed, the requester never among them.'),
  expires: Duration.optional().describe(
    'How long one approval counts; absent: `access.approvalExpires`.',
  ),
});
type Options = z.infer<typeof Options>;

/** Enough people other than the requester said yes to exactly this plan, and still may. */
export const approval: Gate<Options, 'approvals'> = {
  name: 'approval',
  summary: 'Enough people with a role have approved exactly this plan.',
  options: Options,
  needs: ['approvals'],
  overridable: true,
  asks: ['start', 'advance', 'promote'],
  evaluate(options, { approvals }) {
    const counted = approvals.counted.filter(({ role }) => role === options.role);
    const evidence = [
      ...counted.map(({ actor, evidence: seen }) => `${actor.displayName} approved (${seen})`),
      ...approvals.notCounted.map(
        ({ actor, because }) => `${actor.displayName} does not count: ${because}`,
      ),
    ];
    const denied = approvals.denied[0];
    if (denied !== undefined) {
      return {
        verdict: 'block',
        reason: `${denied.actor.displayName} denied it.`,
        next: 'Talk to them; then request the release again.',
        evidence,
        until: null,
      };
    }
    const missing = options.quorum - counted.length;
    if (missing > 0) {
      return {
        verdict: 'hold',
        reason: `${counted.length} of ${options.quorum} approvals by ${options.role}.`,
        next: `Ask ${missing === 1 ? 'somebody' : `${missing} people`} with the role ${options.role} to approve.`,
        evidence,
        until: null,
      };
    }
    return {
      verdict: 'pass',
      reason: `Approved by ${counted.map(({ actor }) => actor.displayName).join(' and ')}.`,
      next: '',
      evidence,
      until: null,
    };
  },
};
