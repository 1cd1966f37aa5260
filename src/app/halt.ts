import type { Log } from '#ports/log.ts';

/**
 * Whether Signalbox may act. Once its history does not match what it has anchored elsewhere it may
 * not, until a person has looked and started it again.
 */
export interface Halt {
  /** Why not, as a plain sentence; null while it may. */
  readonly halted: () => string | null;
  halt(because: string): void;
}

/** Makes a halt that is not in force. */
export function createHalt(log: Log): Halt {
  let reason: string | null = null;
  return {
    halted: () => reason,
    halt(because) {
      if (reason === null) log.error('Signalbox halts', { because });
      reason ??= because;
    },
  };
}
