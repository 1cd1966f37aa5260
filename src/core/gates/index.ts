import type { Gate } from '#core/gate.ts';

/** All gates, one line each; the order is the order of evaluation. */
export const gates: readonly Gate[] = [];
