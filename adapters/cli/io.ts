/** What the command line client may touch of the world around it. */
export interface CliIo {
  out(text: string): void;
  err(text: string): void;
  /** Whether people read the output: colours and a display that is redrawn. */
  readonly terminal: boolean;
  /** As they are now: a window is resized while it is watched. */
  readonly columns: number;
  readonly rows: number;
  /** IANA zone of printed times. */
  readonly zone: string;
  /** Null when there is no such file. */
  readFile(path: string): Promise<string | null>;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}

/** What a script learns from a run. */
export const exitCodes = {
  done: 0,
  trouble: 1,
  refused: 2,
  rolledBack: 3,
  needsPerson: 4,
  /** What shells say of a program that Ctrl-C ended: 128 and the signal's number. */
  interrupted: 130,
} as const;
