/**
 * The closed list of what may misbehave in the world, with one line each. `docs/codes.md` has a heading
 * per code; a test compares the two.
 */
export const faultCodes = {
  'store.unavailable': 'The database does not answer.',
  'store.conflict': 'Two writers met; the later one has to look again.',
  'store.fenced': 'The work was taken over by another process.',
  'store.corrupt': 'Stored data contradict themselves, or an ended history was to be continued.',
  'store.read_only': 'The database takes no writes.',
  'store.full': 'The database has no room left.',
  'queue.unavailable': 'The queue does not answer.',
  'target.unavailable': 'The delivery target does not answer.',
  'target.conflict':
    'Somebody else changed the target at the same time, or owns what was to be changed.',
  'target.identity_changed': 'The target is not the one that the plan saw.',
  'target.rejected': 'The target refused the change.',
  'metrics.unavailable': 'The metrics source does not answer.',
  'metrics.invalid': 'The metrics source gave an answer that cannot be read.',
  'marks.unavailable': 'The place where releases are marked does not answer.',
  'marks.rejected': 'The place where releases are marked refused a mark.',
  'changes.unavailable': 'The Git host does not answer.',
  'changes.unreadable': 'The Git host shows no such repository, commit or tag.',
  'registry.unavailable': 'The artifact registry does not answer.',
  'registry.invalid': 'The artifact registry gave an answer that cannot be trusted.',
  'directory.unavailable': 'The source of memberships does not answer.',
  'chat.rate_limited': 'The chat platform asks to slow down.',
  'chat.gone': 'The message or channel no longer exists.',
  'chat.not_allowed': 'Signalbox may not write there.',
  'chat.invalid': 'The chat platform refused the message.',
  'chat.auth_lost': 'The chat platform no longer accepts the token.',
  'chat.ambiguous': 'It is unknown whether the message was posted.',
  'chat.unavailable': 'The chat platform does not answer.',
} as const satisfies Record<string, string>;

/** What misbehaved in the world, as a stable name `area.reason`. */
export type FaultCode = keyof typeof faultCodes;

interface FaultOptions {
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** For `chat.rate_limited` the bucket that is exhausted; elsewhere the name of what misbehaved. */
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
