import type { Instant } from '#core/ids.ts';
import type { Anchor, Deliverable, Place } from './deliverable.ts';

/** What has to be asked of the platform for one surface. */
export type Call =
  /** It already says what it should. */
  | { readonly kind: 'nothing' }
  /** Its thread does not exist yet. */
  | { readonly kind: 'wait' }
  /** An earlier send was unclear: look before sending again. */
  | { readonly kind: 'find'; readonly channel: Place }
  /** `again`: its former message is gone. */
  | { readonly kind: 'post'; readonly channel: Place; readonly again: boolean }
  /** `unclear`: an earlier send may have arrived, so look first. */
  | {
      readonly kind: 'tell';
      readonly account: NonNullable<Deliverable['account']>;
      readonly unclear: boolean;
    }
  | { readonly kind: 'edit'; readonly message: Anchor }
  /** The message is too old to edit: post anew, and let the old one point there. */
  | { readonly kind: 'reanchor'; readonly channel: Place; readonly old: Anchor };

/** How long before the limit a message is posted anew, in milliseconds. */
const reanchorMarginMs = 600_000;

/**
 * Decides the call. `parent` is the message of the surface whose thread this one belongs to, null
 * when it has none yet: then what is there already can still be edited. `editAgeMaxMs` is the
 * platform's limit, null when there is none.
 */
export function nextCall(
  surface: Deliverable,
  parent: Anchor | null,
  editAgeMaxMs: number | null,
  now: Instant,
): Call {
  if (surface.desiredHash === surface.deliveredHash) return { kind: 'nothing' };
  const { message } = surface;
  if (message !== null && !tooOld(surface, editAgeMaxMs, now)) return { kind: 'edit', message };
  const place = placeOf(surface, parent);
  if (place === null) return { kind: 'wait' };
  if (message === null) {
    if (surface.ambiguous && surface.account === null) return { kind: 'find', channel: place };
    if (surface.account !== null) {
      return { kind: 'tell', account: surface.account, unclear: surface.ambiguous };
    }
    return { kind: 'post', channel: place, again: surface.deliveredRevision > 0 };
  }
  if (surface.ambiguous) return { kind: 'find', channel: place };
  return { kind: 'reanchor', channel: place, old: message };
}

function placeOf(surface: Deliverable, parent: Anchor | null): Place | null {
  if (surface.parent === null || surface.account !== null) return surface.channel;
  if (parent === null) return null;
  return { ...surface.channel, thread: parent.message };
}

function tooOld(surface: Deliverable, editAgeMaxMs: number | null, now: Instant): boolean {
  if (editAgeMaxMs === null || surface.anchoredAt === null || surface.account !== null)
    return false;
  const margin = Math.min(reanchorMarginMs, editAgeMaxMs / 6);
  return now - surface.anchoredAt >= editAgeMaxMs - margin;
}
