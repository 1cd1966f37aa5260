import type { Character } from './character.ts';

/** What the supervisor tells a new process, as the first line of its standard input. */
export interface InstanceOrder {
  /** `warm`: only fill the compile cache, so that processes started later are small and quick. */
  readonly kind: 'serve' | 'job' | 'warm';
  /** Name of the job; empty otherwise. */
  readonly job: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly seed: number;
  readonly character: Character;
}

/** How long a job pretends to work. */
export const jobMs = 300;
/** Header by which the proxy tells which share of the traffic this side has, in percent. */
export const shareHeader = 'x-sandbox-share';
/** Headers by which an answer says who gave it. */
export const versionHeader = 'x-sandbox-version';
