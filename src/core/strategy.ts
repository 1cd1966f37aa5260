import type { z } from 'zod';
import type { FailurePolicy } from './failure-policy.ts';
import type { Step } from './step.ts';

/** What a strategy needs to know to write down the steps. */
export interface StrategyQuestion {
  readonly service: string;
  readonly environment: string;
  /** Targets by wave, in order. */
  readonly waves: readonly (readonly string[])[];
  /** Name of the analysis configured for the place; null when nothing watches. */
  readonly analysis: string | null;
  readonly analysisEverySeconds: number;
  /** The analysis holds the candidate against a fresh copy of stable. */
  readonly freshBaseline: boolean;
  /** True when nothing runs there yet: there is nothing to compare with or to return to. */
  readonly first: boolean;
  readonly deadlineSeconds: number;
}

/** A recipe that turns a request into steps. Pure. */
export interface Strategy<Options = unknown> {
  readonly name: string;
  readonly summary: string;
  readonly options: z.ZodType<Options>;
  steps(options: Options, question: StrategyQuestion): readonly Step[];
  /** What a failure takes back where there is more than one wave; absent: all of them. */
  onFailure?(options: Options): FailurePolicy;
}
