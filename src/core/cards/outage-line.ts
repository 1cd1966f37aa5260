import type { Line } from '#core/message.ts';
import type { Outage } from '#core/rollout/state.ts';
import { closed, sentence } from './sentence.ts';
import { outageWords } from './standing.ts';

/** What is out of reach, why, and since when. */
export function outageLine(outage: Outage): Line {
  const { detail, code, since } = outage;
  return [
    sentence(`${outageWords(outage)} does not answer: ${closed(detail)}`),
    ' Trying again since ',
    { kind: 'time', at: since, as: 'relative' },
    ' (',
    { kind: 'code', text: code },
    ').',
  ];
}
