import { combine } from './combine.ts';
import type { JudgeInput } from './judge.ts';
import { judgeMetrics } from './metric-verdicts.ts';
import { judgeAca } from './profiles/aca.ts';
import { judgeArgo } from './profiles/argo.ts';
import type { Judgement } from './verdict.ts';
import { withinCap } from './within-cap.ts';

/**
 * The judge: same samples and same analysis give the same judgement, always. By the rules of the
 * house the chance that it ever says `worse` of a candidate that is like stable is at most
 * `analysis.alpha`, over all looks and all counted metrics together; the profiles promise no such
 * thing.
 */
export function judge(input: JudgeInput): Judgement {
  return withinCap(input, byProfile(input));
}

function byProfile(input: JudgeInput): Judgement {
  switch (input.analysis.profile) {
    case 'signalbox':
      return combine(input, judgeMetrics(input));
    case 'netflix-aca':
      return judgeAca(input);
    case 'argo':
      return judgeArgo(input);
  }
}
