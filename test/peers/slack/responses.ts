import { whyBadBlocks } from './block-kit.ts';
import { isJson } from './seen.ts';
import { directChannel, type PeerState } from './state.ts';
import type { Addressee } from './triggers.ts';

/** What arrives at a `response_url`; returns the status of the answer. */
export function takeResponse(
  state: PeerState,
  to: Addressee | 'expired_url' | 'used_url',
  body: unknown,
  refused: (why: string) => void,
): number {
  if (typeof to === 'string') return 404;
  if (!isJson(body)) return 400;
  const bad = whyBadBlocks(body['blocks']);
  if (bad !== null) {
    refused(bad);
    return 400;
  }
  const blocks = Array.isArray(body['blocks']) ? body['blocks'].filter(isJson) : [];
  const text = String(body['text'] ?? '');
  if (body['response_type'] === 'ephemeral') {
    state.whispers.push({ ...to, text, blocks });
    return 200;
  }
  const channel = to.channel === '' ? directChannel(to.user) : to.channel;
  const thread = body['thread_ts'] === undefined ? null : String(body['thread_ts']);
  const ts = state.nextTs();
  state.messages.push({ ts, channel, thread, text, blocks, metadata: undefined, user: 'url' });
  return 200;
}
