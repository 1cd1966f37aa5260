import { analysedTargets } from '#core/analysed-targets.ts';
import type { Analysis } from '#core/analysis/metric.ts';
import { carriesOver, type Stages } from '#core/analysis/stages.ts';
import type { Instant } from '#core/ids.ts';
import type { Step } from '#core/step.ts';
import type { Work } from './next.ts';
import type { RolloutState } from './state.ts';

type Analyse = Extract<Step, { kind: 'analyse' }>;

/** What an analysis must have read to count on: metrics sources give no more at once. */
const mostIntervals = 4000;

/**
 * The stages of the release that are judged as one with the one at work: those before it that
 * analysed the same targets by the same analysis and passed, without a gap. Where a person had a stage
 * looked at anew, what came before does not count on. Null where each stage is judged for itself.
 */
export function watchedStages(
  state: Pick<RolloutState, 'plan' | 'steps'>,
  work: Pick<Extract<Work, { kind: 'look' }>, 'step' | 'from' | 'to' | 'everySeconds'>,
  analysis: Analysis,
): Stages | null {
  const steps = state.plan?.steps ?? [];
  const own = steps[work.step];
  if (own?.kind !== 'analyse' || !carriesOver(analysis)) return null;
  const alike = (step: Step): step is Analyse => step.kind === 'analyse' && sameWatch(step, own);
  const planned = steps.filter(alike).length;
  if (planned < 2) return null;
  const oldest = work.to - mostIntervals * (analysis.step ?? work.everySeconds) * 1000;
  const began: Instant[] = [work.from];
  let later = state.steps[work.step];
  for (let index = work.step - 1; index >= 0; index--) {
    const step = steps[index];
    if (step === undefined || !alike(step)) continue;
    const run = state.steps[index];
    const anew = later === undefined || later.attempt > 1;
    if (anew || run?.state !== 'done' || run.startedAt === null) break;
    if (run.startedAt < oldest) break;
    began.unshift(run.startedAt);
    later = run;
  }
  return { began, planned };
}

function sameWatch(a: Analyse, b: Analyse): boolean {
  return (
    a.analysis === b.analysis && analysedTargets(a).join('\0') === analysedTargets(b).join('\0')
  );
}
