import type { CommandDescriptor, FieldKind } from '#core/command.ts';
import type { Instant } from '#core/ids.ts';
import type { View } from '#core/message.ts';
import type { Account } from '#core/people.ts';
import type { Refusal } from '#core/refusal.ts';

/** A channel on a platform, by ids. */
export interface ChannelRef {
  readonly platform: string;
  readonly tenant: string;
  readonly channel: string;
  /** The thread within it, by the platform's own id of its first message. */
  readonly thread: string | null;
}

/** Something that arrived from outside, verified and normalised. JSON-safe. */
export interface Inbound {
  /** Adapter it came through: slack, discord, console, cli ... */
  readonly source: string;
  /** Unique per source; the same for each repetition of one delivery. */
  readonly deliveryId: string;
  readonly account: Account;
  readonly displayName: string;
  /** Facts of the payload that already exclude the account; empty when there are none. */
  readonly excluded: readonly ('bot' | 'guest' | 'external' | 'wrong_context')[];
  readonly channel: ChannelRef | null;
  /** Opaque to all but the adapter: how to answer privately. */
  readonly replyTo: unknown;
  readonly content:
    | { readonly kind: 'command'; readonly text: string }
    /** A press on a button; `input` is the text that the button asked for. */
    | { readonly kind: 'action'; readonly token: string; readonly input: string | null };
  readonly receivedAt: Instant;
}

/** What the bus answers to one inbound. */
export interface Reply {
  readonly visibility: 'private' | 'channel';
  readonly view: View;
  /** Set when the answer is a no. */
  readonly refusal: Refusal | null;
  /** The rollout that the command made or concerned, if any. */
  readonly rollout: string | null;
  /** Machine-readable result, for the CLI's `--json`. */
  readonly data: unknown;
}

/** The way in. Adapters call it; the command bus answers. */
export interface Gateway {
  /** Stores the inbound durably and returns; the answer comes later through `ChatPlatform.reply`. Acknowledge after. */
  accept(inbound: Inbound): Promise<{ readonly fresh: boolean }>;
  /** Stores, handles and answers in one call: for doors that wait (console, CLI). A repetition gets `command.duplicate`. */
  handle(inbound: Inbound): Promise<Reply>;
  /** Commands, for manifests, registration, completion and help. */
  readonly commands: readonly CommandDescriptor[];
  /** At most 25 completions of a field, best first, given what was typed so far. */
  complete(question: {
    readonly account: Account;
    readonly command: string;
    readonly field: string;
    readonly kind: FieldKind;
    readonly prefix: string;
    readonly given: Readonly<Record<string, string>>;
  }): Promise<readonly { readonly value: string; readonly label: string }[]>;
}
