import type { Learnt } from './learnt.ts';
import type { Analysis } from './metric.ts';
import type { Reading } from './reading.ts';
import type { Stages } from './stages.ts';
import type { Judgement } from './verdict.ts';

/** What has been measured since the analysis began: all samples so far, per metric and side. */
export interface JudgeInput {
  readonly analysis: Analysis;
  /** Whole looks before this one. */
  readonly looksBefore: number;
  /** Looks in a row, just before this one, without usable data. */
  readonly blindLooks: number;
  /** The last planned look: a verdict still `running` here becomes final. */
  readonly last: boolean;
  /** Looks already added at the end for want of data; when absent, `blindLooks` stands for it. */
  readonly extended?: number;
  /**
   * When each side began, epoch milliseconds: then intervals are paired by elapsed time, as the
   * baseline `previous` needs. Absent: by the clock.
   */
  readonly began?: { readonly stable: number; readonly candidate: number };
  /** What the candidate serves, for the cap on what the release may spend. */
  readonly exposure?: {
    /** Share of the traffic on it now, from 0 to 1. */
    readonly weight: number;
    /** Part of the budget spent in the steps before this one. */
    readonly spentBefore: number;
  };
  /**
   * The stages before this one whose samples the readings hold too, and this one. Absent: the
   * readings hold this stage alone, and it is judged for itself.
   */
  readonly stages?: Stages;
  /** How the events of metrics came in releases before. */
  readonly learnt?: readonly Learnt[];
  readonly readings: readonly {
    readonly metric: string;
    readonly stable: Reading;
    readonly candidate: Reading;
  }[];
}

/** What the judge is given of one target, where several are judged together. */
export interface TargetInput {
  readonly target: string;
  readonly input: JudgeInput;
}

/** The judge: pure and deterministic. */
export type Judge = (input: JudgeInput) => Judgement;
