import { Fault, type FaultCode } from '#core/fault.ts';

interface Meaning {
  readonly code: FaultCode;
  readonly message: string;
  readonly retryable: boolean;
}

const unavailable: Meaning = {
  code: 'store.unavailable',
  message: 'The database does not answer',
  retryable: true,
};
const conflict: Meaning = {
  code: 'store.conflict',
  message: 'Another transaction was faster',
  retryable: true,
};
const full: Meaning = { code: 'store.full', message: 'The database is full', retryable: true };
const corrupt: Meaning = {
  code: 'store.corrupt',
  message: 'The database refuses what must never happen',
  retryable: false,
};
const forbidden: Meaning = {
  code: 'store.unavailable',
  message: 'The database does not let Signalbox in',
  retryable: false,
};

/** By SQLSTATE; those that start with SB are raised by our own functions and triggers. */
const states: Readonly<Record<string, Meaning>> = {
  SB001: { ...conflict, message: 'The stream is at another version' },
  SB002: { code: 'store.fenced', message: 'A newer claim holds the stream', retryable: false },
  SB003: { ...corrupt, message: 'The stream has ended' },
  SB004: corrupt,
  '23505': conflict,
  '23514': corrupt,
  '25006': { code: 'store.read_only', message: 'The database takes no writes', retryable: true },
  '40001': conflict,
  '40P01': conflict,
  '53100': full,
  '55P03': conflict,
  '57014': unavailable,
  '3D000': forbidden,
  '42501': forbidden,
};

/** By the first two characters, for the states not named above. */
const classes: Readonly<Record<string, Meaning>> = {
  '08': unavailable,
  '28': forbidden,
  '53': unavailable,
  '57': unavailable,
  '58': unavailable,
  XX: { ...corrupt, message: 'The database has lost or damaged data' },
};

/**
 * What an error of the driver means. An SQLSTATE that we know becomes a fault; an error without
 * one comes from the connection; anything else is a bug and is given back as it is.
 */
export function toFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error;
  if (error instanceof TypeError || error instanceof RangeError) return error;
  const state = sqlState(error);
  const meaning = state === null ? unavailable : (states[state] ?? classes[state.slice(0, 2)]);
  if (meaning === undefined) return error;
  const { code, message, retryable } = meaning;
  return new Fault(code, message, { retryable, cause: error });
}

function sqlState(error: Error): string | null {
  if (!('code' in error) || typeof error.code !== 'string') return null;
  // Every SQLSTATE has a digit; EPIPE and EBADF, which the connection gives, have none.
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}
