import type { Log } from '#ports/log.ts';

/** A log that keeps quiet. */
export const quietLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};
