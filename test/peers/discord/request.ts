import type { State } from './state.ts';

/** A file of a request. */
interface SentFile {
  readonly name: string;
  readonly data: Uint8Array;
}

/** One request, read. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly files: readonly SentFile[];
}

export interface RouteParts {
  readonly state: State;
  /** Payloads that did not pass, for tests to find none. */
  readonly refused: string[];
  readonly gatewayUrl: () => string;
  readonly shards: () => number;
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
