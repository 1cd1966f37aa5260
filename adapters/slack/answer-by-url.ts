import { Fault } from '#core/fault.ts';
import type { Rendered } from './view-blocks.ts';

/**
 * Answers through a `response_url`: five times within half an hour, in any channel.
 * @throws Fault `chat.gone` when the address is used up, `chat.unavailable`, `chat.invalid`
 */
export async function answerByUrl(
  url: string,
  message: Rendered,
  how: { readonly private: boolean; readonly thread: string | null },
): Promise<void> {
  const response = await send(url, {
    ...message,
    response_type: how.private ? 'ephemeral' : 'in_channel',
    replace_original: false,
    ...(how.thread === null ? {} : { thread_ts: how.thread }),
  });
  await response.body?.cancel();
  if (response.ok) return;
  if (response.status === 404 || response.status === 410 || response.status === 403) {
    throw new Fault('chat.gone', 'Slack takes no more answers at this address', {
      retryable: false,
    });
  }
  if (response.status >= 500 || response.status === 429) {
    throw new Fault('chat.unavailable', 'Slack does not take the answer now', { retryable: true });
  }
  throw new Fault('chat.invalid', 'Slack refused the answer', { retryable: false });
}

async function send(url: string, body: object): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
      // An address that leads elsewhere is not Slack's.
      redirect: 'error',
      signal: AbortSignal.timeout(5_000),
    });
  } catch (cause) {
    throw new Fault('chat.unavailable', 'Slack could not be reached for the answer', {
      retryable: true,
      cause,
    });
  }
}
