import type { RunPhase } from '#core/analysis/verdict.ts';
import type { ArgoMetric } from './argo-metric.ts';
import { type Outcome, parseCondition } from './condition.ts';

export type Measured = 'successful' | 'failed' | 'inconclusive' | 'error';

/** What the conditions say of one measurement, by Argo's table. */
export function measure(argo: ArgoMetric, result: readonly number[]): Measured {
  const success = outcomeOf(argo.successCondition, result);
  const failure = outcomeOf(argo.failureCondition, result);
  if (success === 'error' || failure === 'error') return 'error';
  if (success === null && failure === null) return 'successful';
  if (failure === true || (failure === null && success === false)) return 'failed';
  if (success === true || success === null) return 'successful';
  return 'inconclusive';
}

function outcomeOf(text: string | undefined, result: readonly number[]): Outcome | null {
  if (text === undefined) return null;
  const condition = parseCondition(text);
  return condition === null ? 'error' : condition(result);
}

/**
 * Where Argo's counters leave a metric after these measurements. Errors use up no `count`. A
 * successful metric stays so whatever comes after, as do the others.
 */
export function countUp(
  argo: ArgoMetric,
  measured: readonly Measured[],
): { readonly phase: RunPhase; readonly because: string } {
  const seen = { failed: 0, inconclusive: 0, successful: 0, error: 0 };
  let errorsInARow = 0;
  let successesInARow = 0;
  for (const one of measured) {
    seen[one]++;
    errorsInARow = one === 'error' ? errorsInARow + 1 : 0;
    successesInARow = one === 'successful' ? successesInARow + 1 : 0;
    const ended = endOf(argo, seen, errorsInARow, successesInARow);
    if (ended !== null) return ended;
  }
  const phase = measured.length === 0 ? 'pending' : 'running';
  return { phase, because: `${seen.successful} of ${measured.length} measurements met` };
}

function endOf(
  argo: ArgoMetric,
  seen: Readonly<Record<Measured, number>>,
  errorsInARow: number,
  successesInARow: number,
): { readonly phase: RunPhase; readonly because: string } | null {
  if (errorsInARow > argo.consecutiveErrorLimit) {
    return { phase: 'error', because: `${errorsInARow} errors in a row` };
  }
  if (seen.inconclusive > argo.inconclusiveLimit) {
    return { phase: 'inconclusive', because: `${seen.inconclusive} measurements met no condition` };
  }
  if (argo.failureLimit >= 0 && seen.failed > argo.failureLimit) {
    const because = `${seen.failed} failed measurements, more than ${argo.failureLimit}`;
    return { phase: 'failed', because };
  }
  const wanted = argo.consecutiveSuccessLimit;
  if (wanted > 0 && successesInARow >= wanted) {
    return { phase: 'successful', because: `${wanted} successes in a row` };
  }
  const taken = seen.failed + seen.inconclusive + seen.successful;
  if (argo.count === undefined || argo.count === 0 || taken < argo.count) return null;
  return { phase: ranOut(argo), because: `${taken} measurements taken` };
}

function ranOut(argo: ArgoMetric): RunPhase {
  if (argo.consecutiveSuccessLimit <= 0) return 'successful';
  return argo.failureLimit >= 0 ? 'inconclusive' : 'failed';
}
