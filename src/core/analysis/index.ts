import { combine } from './combine.ts';
import type { JudgeInput } from './judge.ts';
import { judgeMetrics } from './metric-verdicts.ts';
import type { Judgement } from './verdict.ts';

/**
 * The judge: same samples and same analysis give the same judgement, always. The chance that it
 * ever says `worse` of a candidate that is like stable is at most `analysis.alpha` over all looks
 * and all counted metrics together.
 */
export function judge(input: JudgeInput): Judgement {
  return combine(input, judgeMetrics(input));
}
