import type { Gate } from '#core/gate.ts';
import { approval } from './approval.ts';
import { errorBudget } from './error-budget.ts';
import { freeze } from './freeze.ts';
import { lock } from './lock.ts';
import { sameArtifactGate } from './same-artifact.ts';
import { soak } from './soak.ts';

/** All gates, one line each; the order is the order of evaluation. */
export const gates: readonly Gate[] = [lock, freeze, sameArtifactGate, soak, errorBudget, approval];
