import { type DestinationStream, pino } from 'pino';
import { redactText } from '#core/redact-text.ts';
import type { Log } from '#ports/log.ts';
import { redact } from './redact.ts';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Standard output unless told. */
  readonly destination?: DestinationStream;
}

/** Logs one JSON object per line. Nothing that looks like a secret gets through (see `redact`). */
export function createLog(options: LogOptions): Log {
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
    },
    options.destination ?? pino.destination({ fd: 1, sync: true }),
  );

  function write(level: 'debug' | 'info' | 'warn' | 'error') {
    return (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      if (!logger.isLevelEnabled(level)) return;
      logger[level]({ fields: redact(fields) }, redactText(message));
    };
  }

  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
}
