import type { FailpointName } from '#core/failpoints.ts';

/**
 * A named point before or after an effect or a commit, where the crash test may end the process.
 * In production it does nothing.
 */
export type Failpoint = (name: FailpointName) => Promise<void>;
