import type { Log } from '#ports/log.ts';
import type { Telemetry } from '#ports/telemetry.ts';

/** A log that keeps quiet. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

/** Counts nothing. */
export const silentTelemetry: Telemetry = {
  count: () => {},
  gauge: () => {},
  observe: () => {},
};
