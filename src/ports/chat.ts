import type { View } from '#core/message.ts';
import type { ChannelRef, Reply } from './gateway.ts';

/** A message on a platform: channel and the platform's own message id. JSON-safe. */
export interface MessageRef {
  readonly channel: ChannelRef;
  readonly message: string;
}

/** What a platform can do. Never `if (slack)`. */
export interface ChatCapabilities {
  readonly ephemeral: 'anytime' | 'interaction';
  readonly chart: 'native' | 'image' | 'text';
  readonly confirm: 'native' | 'step';
  readonly commandInThread: boolean;
  /** Edits share one budget per tenant, or have one per channel. */
  readonly editScope: 'tenant' | 'channel';
  /** After this a message is posted anew instead of edited; null when there is no limit. */
  readonly editAgeMaxMs: number | null;
  /** The platform drops a repeated send with the same key by itself. */
  readonly dedupeSend: boolean;
  readonly relativeTime: boolean;
}

/** Named token buckets that one call draws from: capacity in calls, refill in calls per second. */
export interface RateScope {
  readonly scope: string;
  readonly capacity: number;
  readonly perSecond: number;
}

/**
 * One chat platform. Rendering, escaping, degrading and transport; no pacing: the delivery
 * scheduler owns the budgets that `scopes` names.
 * @throws Fault `chat.rate_limited` (with scope and retryAfterMs), `chat.gone`, `chat.not_allowed`,
 *   `chat.invalid`, `chat.auth_lost`, `chat.ambiguous` (may have been done), `chat.unavailable`
 */
export interface ChatPlatform {
  readonly name: string;
  readonly capabilities: ChatCapabilities;
  /** The buckets that a call draws from. */
  scopes(call: 'post' | 'edit' | 'reply', channel: ChannelRef): readonly RateScope[];
  /** Posts. `key` names the message to be, so that an unclear send can be found again. */
  post(channel: ChannelRef, view: View, key: string): Promise<MessageRef>;
  /** After `chat.ambiguous`: the message with that key if it was posted after all, else null. */
  find(channel: ChannelRef, key: string): Promise<MessageRef | null>;
  edit(message: MessageRef, view: View, key: string): Promise<void>;
  /** Answers one inbound, to the person alone where the reply says so. */
  reply(replyTo: unknown, reply: Reply): Promise<void>;
  /**
   * Sends to one person alone (a direct message). `unclear`: an earlier send with this key may have
   * arrived; when it did, that message is the answer.
   */
  tell(
    account: { readonly tenant: string; readonly user: string },
    view: View,
    key: string,
    unclear?: boolean,
  ): Promise<MessageRef>;
}
