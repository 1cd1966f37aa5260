import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { Fault, type FaultCode } from '#core/fault.ts';

/** Slack's names of errors (docs.slack.dev/reference/methods), by what they mean here. */
const meanings: Readonly<Record<string, FaultCode>> = {
  ...named('chat.gone', [
    'message_not_found',
    'cant_update_message',
    'edit_window_closed',
    'thread_not_found',
    'is_inactive',
  ]),
  ...named('chat.not_allowed', [
    'not_in_channel',
    'channel_not_found',
    'is_archived',
    'restricted_action',
    'restricted_action_thread_only_channel',
    'restricted_action_read_only_channel',
    'user_not_in_channel',
    'user_not_found',
    'users_not_found',
    'cannot_dm_bot',
    'missing_scope',
    'no_permission',
    'ekm_access_denied',
  ]),
  ...named('chat.auth_lost', [
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'org_login_required',
    'team_access_not_granted',
  ]),
  ...named('chat.unavailable', ['service_unavailable', 'team_added_to_org', 'accesslimited']),
  // Slack says this after its own mistake, at any point of the work.
  ...named('chat.ambiguous', ['internal_error', 'fatal_error', 'request_timeout']),
  ...named('chat.rate_limited', ['ratelimited', 'rate_limited', 'message_limit_exceeded']),
};

function named(code: FaultCode, errors: readonly string[]): Record<string, FaultCode> {
  return Object.fromEntries(errors.map((error) => [error, code]));
}

/** What the failed call was: a repetition of `post` makes a second message, of `edit` does not. */
export interface FailedCall {
  readonly kind: 'post' | 'edit' | 'reply' | 'read';
  /** The bucket that a refusal for pace empties. */
  readonly scope: string;
}

/** The one translation of the SDK's errors. Bugs of ours pass through as they are. */
export function toFault(error: unknown, call: FailedCall): unknown {
  if (error instanceof Fault) return error;
  if (error instanceof WebAPIRateLimitedError) {
    return fault('chat.rate_limited', 'Slack asks to slow down', error, {
      retryAfterMs: Math.max(1, error.retryAfter) * 1000,
      scope: call.scope,
    });
  }
  if (error instanceof WebAPIPlatformError) {
    const code = meanings[error.data.error] ?? 'chat.invalid';
    const own = code === 'chat.ambiguous' && call.kind !== 'post' ? 'chat.unavailable' : code;
    return fault(own, `Slack answered ${error.data.error}`, error, {
      ...(own === 'chat.rate_limited' ? { retryAfterMs: 10_000, scope: call.scope } : {}),
    });
  }
  if (error instanceof WebAPIHTTPError || error instanceof WebAPIRequestError) {
    return fault(unclear(error, call), 'Slack gave no answer to rely on', error, {});
  }
  return error;
}

/** A post whose answer got lost may have been made; a refused connection made nothing. */
function unclear(error: WebAPIHTTPError | WebAPIRequestError, call: FailedCall): FaultCode {
  if (error instanceof WebAPIHTTPError && error.statusCode < 500) return 'chat.invalid';
  if (call.kind !== 'post') return 'chat.unavailable';
  return neverSent(error) ? 'chat.unavailable' : 'chat.ambiguous';
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
    at = 'original' in at && at.original !== undefined ? at.original : at.cause;
  }
  return false;
}

function fault(
  code: FaultCode,
  message: string,
  cause: unknown,
  more: { readonly retryAfterMs?: number; readonly scope?: string },
): Fault {
  const retryable = !['chat.gone', 'chat.not_allowed', 'chat.auth_lost', 'chat.invalid'].includes(
    code,
  );
  return new Fault(code, message, { retryable, cause, ...more });
}
