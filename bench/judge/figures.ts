import type { Detection } from './detection.ts';
import type { FalseAlarms } from './false-alarms.ts';
import type { Speed } from './speed.ts';

/** Everything that one run of the benchmark found, as it is kept in `docs/judge/figures.json`. */
export interface Figures {
  readonly alpha: number;
  readonly machine: string;
  readonly falseAlarms: readonly Omit<FalseAlarms, 'largestZ'>[];
  /** The z above which the peeked tests raise no more false alarms than promised, over all kinds. */
  readonly calibratedZ: number;
  readonly detection: readonly Detection[];
  readonly speed: readonly Speed[];
}
