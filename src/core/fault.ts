/** What misbehaved in the world, as a stable name `area.reason`. */
export type FaultCode =
  | 'store.unavailable'
  | 'store.conflict'
  | 'store.fenced'
  | 'store.corrupt'
  | 'store.read_only'
  | 'store.full'
  | 'queue.unavailable'
  | 'target.unavailable'
  | 'target.conflict'
  | 'target.identity_changed'
  | 'target.rejected'
  | 'metrics.unavailable'
  | 'metrics.invalid'
  | 'registry.unavailable'
  | 'registry.invalid'
  | 'directory.unavailable'
  | 'chat.rate_limited'
  | 'chat.gone'
  | 'chat.not_allowed'
  | 'chat.invalid'
  | 'chat.auth_lost'
  | 'chat.ambiguous'
  | 'chat.unavailable';

interface FaultOptions {
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** For `chat.rate_limited`: the name of the bucket that is exhausted. */
  readonly scope?: string;
  readonly cause?: unknown;
}

/**
 * The world misbehaved. Thrown by adapters at their edge, caught only by the command bus, the
 * worker and the process top. `retryable` says whether asking again later may succeed.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly scope: string | undefined;

  constructor(code: FaultCode, message: string, options: FaultOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.scope = options.scope;
  }
}

/** Reached only when a closed union grew and a switch did not: a bug, so it crashes. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
