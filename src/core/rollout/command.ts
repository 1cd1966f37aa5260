import type { Instant } from '#core/ids.ts';
import type { Actor, Membership } from '#core/people.ts';
import type { AlertEffect } from '#core/settings/alerts.ts';
import type { AbortCause } from './events.ts';

/** What a person (or an alert) may ask of a rollout that exists. Authority is checked before. */
export type RolloutCommand =
  | {
      readonly kind: 'approve';
      readonly by: Actor;
      /** The hash that was shown beside the button; null when typed without one: the present plan is meant. */
      readonly hash: string | null;
      readonly role: string;
      readonly method: 'chat' | 'passkey';
      readonly comment: string;
      readonly evidence: readonly Membership[];
      readonly expiresAt: number;
    }
  | {
      readonly kind: 'deny';
      readonly by: Actor;
      readonly hash: string | null;
      readonly comment: string;
    }
  /** Takes one's own approval back. */
  | { readonly kind: 'revoke'; readonly by: Actor; readonly reason: string }
  /** Passes a hold step; with `toStep`, skips up to that step (audited). */
  | {
      readonly kind: 'advance';
      readonly by: Actor;
      readonly reason: string;
      readonly toStep: number | null;
    }
  | { readonly kind: 'pause'; readonly by: Actor; readonly reason: string }
  | { readonly kind: 'resume'; readonly by: Actor; readonly reason: string }
  /** Stops and goes back; before it started, cancels. */
  | { readonly kind: 'abort'; readonly by: Actor; readonly cause: AbortCause }
  | { readonly kind: 'stop-rollback'; readonly by: Actor; readonly reason: string }
  /** An alert about the service began: it is noted, or more, as the settings say. */
  | {
      readonly kind: 'stamp';
      readonly by: Actor;
      readonly alert: string;
      readonly name: string;
      readonly severity: string;
      readonly startsAt: Instant;
      readonly effect: AlertEffect;
    }
  /** It is over, or somebody said that this release has nothing to do with it. */
  | {
      readonly kind: 'unstamp';
      readonly by: Actor;
      readonly alert: string;
      readonly because: string;
    }
  /** Break-glass: passes the overridable gates that stand in the way now. */
  | {
      readonly kind: 'override';
      readonly by: Actor;
      readonly reason: string;
      /** The membership that gave the right to. */
      readonly evidence: readonly Membership[];
    }
  /** The second person looks at a break-glass use afterwards. */
  | { readonly kind: 'review'; readonly by: Actor; readonly comment: string };
