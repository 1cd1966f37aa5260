import { Fault, type FaultCode } from '#core/fault.ts';
import type { ChannelRef } from '#ports/gateway.ts';
import { refusedScope } from './scopes.ts';
import { DiscordAPIError, HTTPError, RateLimitError } from './sdk.ts';

/** What the failed call was: repeating a `post` may make a second message, an `edit` does not. */
export interface FailedCall {
  readonly kind: 'post' | 'edit' | 'reply' | 'read';
  readonly at: Pick<ChannelRef, 'channel' | 'thread'>;
}

/** Discord's numbers of errors (discord.com/developers/docs/topics/opcodes-and-status-codes). */
const meanings: Readonly<Record<number, FaultCode>> = {
  10003: 'chat.gone',
  10008: 'chat.gone',
  10015: 'chat.gone',
  10062: 'chat.gone',
  30046: 'chat.gone',
  50027: 'chat.gone',
  50083: 'chat.gone',
  30033: 'chat.not_allowed',
  50001: 'chat.not_allowed',
  50007: 'chat.not_allowed',
  50013: 'chat.not_allowed',
  160005: 'chat.not_allowed',
  160006: 'chat.not_allowed',
};

/** The number of Discord's error, null when it was none of Discord's. */
export function codeOf(error: unknown): number | null {
  return error instanceof DiscordAPIError && typeof error.code === 'number' ? error.code : null;
}

/** The one translation of the SDK's errors. Bugs of ours pass through as they are. */
export function toFault(error: unknown, { kind, at }: FailedCall): unknown {
  if (error instanceof Fault) return error;
  if (error instanceof RateLimitError) {
    const call = kind === 'read' ? 'post' : kind;
    return new Fault('chat.rate_limited', 'Discord asks to slow down', {
      retryable: true,
      cause: error,
      retryAfterMs: Math.max(1, error.retryAfter),
      scope: refusedScope(call, at, error.global),
    });
  }
  if (error instanceof DiscordAPIError) return fromAnswer(error);
  if (error instanceof HTTPError || isOfNetwork(error)) {
    const unclear = kind === 'post' && !neverSent(error);
    return fault(
      unclear ? 'chat.ambiguous' : 'chat.unavailable',
      unclear ? 'Discord may have posted it' : 'Discord does not answer',
      error,
    );
  }
  return error;
}

function fromAnswer(error: DiscordAPIError): Fault {
  const text = `Discord refused: ${error.message} (${error.code})`;
  const known = codeOf(error);
  const meaning = known === null ? undefined : meanings[known];
  // The token of an interaction that has lapsed is refused with 401 too: ours is not lost by that.
  if (meaning !== undefined) return fault(meaning, text, error);
  if (error.status === 401) return fault('chat.auth_lost', 'Discord refuses the bot token', error);
  if (error.status === 403) return fault('chat.not_allowed', text, error);
  return fault(error.status === 404 ? 'chat.gone' : 'chat.invalid', text, error);
}

function isOfNetwork(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return true;
  return (
    'code' in error && typeof error.code === 'string' && /^(?:E[A-Z]+|UND_ERR_)/.test(error.code)
  );
}

const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function neverSent(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 6; depth += 1) {
    if ('code' in at && typeof at.code === 'string' && beforeSending.has(at.code)) return true;
    at = at.cause;
  }
  return false;
}

function fault(code: FaultCode, message: string, cause: unknown): Fault {
  const lasting = ['chat.gone', 'chat.not_allowed', 'chat.auth_lost', 'chat.invalid'];
  return new Fault(code, message, { retryable: !lasting.includes(code), cause });
}
