import type { Instant } from '#core/ids.ts';
import type { View } from '#core/message.ts';
import type { MessageRef } from './chat.ts';
import type { ChannelRef } from './gateway.ts';

/** 0 answers to a person; 1 terminal, approval, alert; 2 phase change; 3 metric tick. */
export type Urgency = 0 | 1 | 2 | 3;

/** A live message: what it should say and what it says. One row each, overwritten by producers. */
export interface Surface {
  readonly id: string;
  /** Where it goes: a channel; or, with `parent`, the thread under that surface's message. */
  readonly channel: ChannelRef;
  readonly parent: string | null;
  /** Person to tell instead of a channel. */
  readonly account: { readonly tenant: string; readonly user: string } | null;
  readonly urgency: Urgency;
  readonly desiredRevision: number;
  readonly desired: View;
  /** Hash of the desired view: nothing is sent when it equals `deliveredHash`. */
  readonly desiredHash: string;
  readonly desiredAt: Instant;
  readonly deliveredRevision: number;
  readonly deliveredHash: string | null;
  readonly message: MessageRef | null;
  /** When the present message was posted (not edited). */
  readonly anchoredAt: Instant | null;
  readonly nextDueAt: Instant;
  readonly failures: number;
  /** The message must be delivered whatever it takes: terminal states. */
  readonly final: boolean;
  /** An unclear send is being cleared up: look for `key` before sending again. */
  readonly ambiguous: boolean;
}

export interface DesiredSurface {
  readonly id: string;
  readonly channel: ChannelRef;
  readonly parent: string | null;
  readonly account: { readonly tenant: string; readonly user: string } | null;
  readonly urgency: Urgency;
  readonly view: View;
  readonly hash: string;
  readonly final: boolean;
}

/** Outbound is state, not a queue. */
export interface SurfaceStore {
  /**
   * Overwrites what a surface should say; a new revision only when the hash differs. While an
   * earlier revision is undelivered, its urgency is kept if it was the greater.
   */
  desire(surface: DesiredSurface): Promise<void>;
  surface(id: string): Promise<Surface | null>;
  /** The surface that was delivered as this message; null when none was. */
  surfaceOfMessage(message: MessageRef): Promise<Surface | null>;
  /**
   * Surfaces whose delivered hash differs from the desired one and that are due by `now`, most
   * urgent first; of one platform alone when it is named.
   */
  dueSurfaces(now: Instant, limit: number, platform?: string): Promise<readonly Surface[]>;
  /** Records a delivery; ignored when a newer revision was already recorded. */
  delivered(
    id: string,
    revision: number,
    hash: string,
    message: MessageRef,
    anchoredAt: Instant,
  ): Promise<void>;
  /** Puts it off; `ambiguous` and `gone` (message no longer exists: post anew) are remembered. */
  postpone(
    id: string,
    until: Instant,
    why: 'budget' | 'failed' | 'ambiguous' | 'gone',
  ): Promise<void>;
}
