import type { Strategy } from '#core/strategy.ts';
import { blueGreen } from './blue-green.ts';
import { canary } from './canary.ts';
import { rolling } from './rolling.ts';
import { waves } from './waves.ts';

/** All strategies, one line each. */
export const strategies: readonly Strategy[] = [rolling, canary, blueGreen, waves];
