import { formatDuration } from '#core/duration.ts';
import type { JudgeInput } from './judge.ts';
import type { Reading } from './reading.ts';
import { spentOf } from './spend-cap.ts';
import type { Judgement } from './verdict.ts';

/**
 * The judgement, or an immediate stop when the release has spent its part of the error budget. It
 * goes by what was measured, so a short blip counts for what it cost and not for what it proves.
 */
export function withinCap(input: JudgeInput, judgement: Judgement): Judgement {
  const { spend } = input.analysis;
  const { exposure } = input;
  if (spend === undefined || exposure === undefined) return judgement;
  const reading = input.readings.find(({ metric }) => metric === spend.metric);
  const objective = { target: spend.target, periodSeconds: spend.period };
  const here =
    reading === undefined
      ? null
      : measured(
          reading,
          input.analysis.step ?? input.analysis.every,
          input.stages?.began.at(-1) ?? Number.NEGATIVE_INFINITY,
        );
  const now = here === null ? 0 : spentOf(objective, [{ weight: exposure.weight, ...here }]);
  return capped(spend, exposure.spentBefore + now, judgement);
}

/** The same for what is known to be spent. */
export function capped(
  spend: NonNullable<JudgeInput['analysis']['spend']>,
  spent: number,
  judgement: Judgement,
): Judgement {
  if (spent < spend.cap) return { ...judgement, spent };
  const words = `${percent(spent)} of the error budget of ${formatDuration(spend.period)} is spent on this release, and ${percent(spend.cap)} is what it may cost`;
  return {
    ...judgement,
    spent,
    phase: 'failed',
    action: 'abort_now',
    summary: `${spend.metric}: ${words}.`,
  };
}

/** Excess of bad requests over stable after `since`, and the time over which it was measured. */
function measured(
  sides: { readonly stable: Reading; readonly candidate: Reading },
  stepSeconds: number,
  since: number,
): { readonly excess: number; readonly seconds: number } | null {
  const stable = sums(sides.stable, since);
  const candidate = sums(sides.candidate, since);
  if (candidate.total === 0) return null;
  const usual = stable.total === 0 ? 0 : stable.bad / stable.total;
  return {
    excess: candidate.bad / candidate.total - usual,
    seconds: candidate.intervals * stepSeconds,
  };
}

function sums({ samples }: Reading, since: number) {
  const found = { bad: 0, total: 0, intervals: 0 };
  for (const sample of samples) {
    if (sample.kind !== 'ratio' || sample.at <= since) continue;
    found.bad += sample.bad;
    found.total += sample.total;
    found.intervals += 1;
  }
  return found;
}

function percent(part: number): string {
  return `${Math.round(part * 1000) / 10} %`;
}
