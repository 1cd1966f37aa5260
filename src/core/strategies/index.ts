import type { Strategy } from '#core/strategy.ts';

/** All strategies, one line each. */
export const strategies: readonly Strategy[] = [];
