import type { Instant } from '#core/ids.ts';
import type { View } from '#core/message.ts';
import type { Urgency } from './bucket.ts';

/** A place on a platform where messages go. */
export interface Place {
  readonly platform: string;
  readonly tenant: string;
  readonly channel: string;
  readonly thread: string | null;
}

/** A message that exists on a platform. */
export interface Anchor {
  readonly channel: Place;
  readonly message: string;
}

/** A live message as the store keeps it: what it should say and what it says. */
export interface Deliverable {
  readonly id: string;
  readonly channel: Place;
  readonly parent: string | null;
  readonly account: { readonly tenant: string; readonly user: string } | null;
  readonly urgency: Urgency;
  readonly desiredRevision: number;
  readonly desired: View;
  readonly desiredHash: string;
  readonly desiredAt: Instant;
  readonly deliveredRevision: number;
  readonly deliveredHash: string | null;
  readonly message: Anchor | null;
  readonly anchoredAt: Instant | null;
  readonly failures: number;
  readonly final: boolean;
  readonly ambiguous: boolean;
}

/** What belongs together: a card and everything in its thread. Fairness is among these. */
export function flowOf(surface: Deliverable): string {
  return surface.parent ?? surface.id;
}

/** A note that never changes: once told, in whatever form, it is told. */
export function isNote(surface: Deliverable): boolean {
  return surface.final && surface.parent !== null && surface.message === null;
}

/** How much a send weighs: drawings cost the platform and us more than words. */
export function costOf(surface: Deliverable): number {
  return 1 + Math.min(2, surface.desired.blocks.filter(({ kind }) => kind === 'chart').length);
}

/** The key under which the message of a surface can be found again after an unclear send. */
export function postKey(surface: Deliverable): string {
  return `${surface.id}.${surface.deliveredRevision}`;
}
