import { exchanged } from './aa-samples.ts';
import { judge } from './index.ts';
import type { Reading } from './reading.ts';
import { inputOf, type StoredLook } from './stored.ts';

/** How often harm is seen where there is none, as measured. */
export interface Calibration {
  /** Analyses looked through: each is all looks of one step of one release. */
  readonly trials: number;
  readonly falseAlarms: number;
  /** The highest rate that is plausible at 95 % after so many. */
  readonly atMost: number;
  /** The largest promise among them. */
  readonly promised: number;
}

/** All looks of one step of one release, in order. */
export type StepLooks = readonly StoredLook[];

/** True runs of the same version on both sides: judged just as they were seen. */
export function calibrateTrueRuns(steps: readonly StepLooks[]): Calibration {
  const same = steps.filter((looks) => looks.every(sameVersion));
  return tally(
    same.map((looks) => looks.some((look) => judge(inputOf(look)).phase === 'failed')),
    same,
  );
}

function sameVersion(look: StoredLook): boolean {
  return look.stable !== null && look.stable.digest === look.candidate.digest;
}

/**
 * Whether a step would have raised an alarm with its sides exchanged, judged at every look that was
 * taken. Exchanged once, in the last look, which holds all samples; each look is cut from it. The
 * same seed gives the same answer.
 */
export function alarmsExchanged(looks: StepLooks, seed: number): boolean {
  const last = looks.at(-1);
  if (last === undefined) return false;
  const dealt = last.readings.map((reading, i) => ({
    metric: reading.metric,
    ...exchanged(reading, seed * 1000 + i),
  }));
  return looks.some((look) => {
    const until = lastSample(look);
    const readings = dealt.map(({ metric, stable, candidate }) => ({
      metric,
      stable: upTo(stable, until),
      candidate: upTo(candidate, until),
    }));
    const input = { ...inputOf(look), last: look === last, readings };
    return judge(input).metrics.some((metric) => metric.verdict === 'worse' && !metric.dryRun);
  });
}

function lastSample(look: StoredLook): number {
  let newest = 0;
  for (const { stable, candidate } of look.readings) {
    for (const { at } of [...stable.samples, ...candidate.samples]) newest = Math.max(newest, at);
  }
  return newest;
}

function upTo(reading: Reading, until: number): Reading {
  return { ...reading, samples: reading.samples.filter((sample) => sample.at <= until) };
}

/** Counts what was found of the steps. */
export function tally(alarms: readonly boolean[], steps: readonly StepLooks[]): Calibration {
  const falseAlarms = alarms.filter(Boolean).length;
  return {
    trials: alarms.length,
    falseAlarms,
    atMost: upperLimit(falseAlarms, alarms.length),
    promised: Math.max(0, ...steps.map((looks) => looks[0]?.analysis.alpha ?? 0)),
  };
}

/**
 * The one-sided 95 % limit for a share (Clopper and Pearson 1934): the chance with which so few
 * would still be seen one time in twenty. 1 without trials.
 */
export function upperLimit(hits: number, trials: number): number {
  if (hits >= trials) return 1;
  let low = hits / trials;
  let high = 1;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (chanceOfAtMost(hits, trials, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

function chanceOfAtMost(hits: number, trials: number, chance: number): number {
  let term = trials * Math.log1p(-chance);
  let sum = Math.exp(term);
  for (let i = 1; i <= hits; i++) {
    term += Math.log((trials - i + 1) / i) + Math.log(chance) - Math.log1p(-chance);
    sum += Math.exp(term);
  }
  return sum;
}
