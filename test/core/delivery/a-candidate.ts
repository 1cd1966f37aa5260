import type { Candidate } from '#core/delivery/candidate.ts';
import type { Deliverable } from '#core/delivery/deliverable.ts';

const channel = { platform: 'p', tenant: 't', channel: 'c', thread: null };

/** A surface of urgency 2 that has never been sent. */
export function surface(id: string, changes: Partial<Deliverable> = {}): Deliverable {
  return {
    id,
    channel,
    parent: null,
    account: null,
    urgency: 2,
    desired: { tone: 'neutral', title: id, summary: id, blocks: [] },
    desiredRevision: 1,
    desiredHash: 'new',
    desiredAt: 0,
    deliveredRevision: 0,
    deliveredHash: null,
    message: null,
    anchoredAt: null,
    failures: 0,
    final: false,
    ambiguous: false,
    ...changes,
  };
}

/** The surface with a post, and no limits worth the name. */
export function candidate(
  id: string,
  changes: Partial<Deliverable> = {},
  parts: Partial<Omit<Candidate, 'surface'>> = {},
): Candidate {
  const rates = [{ scope: 'loose', capacity: 1000, perSecond: 1000 }];
  return {
    surface: surface(id, changes),
    call: { kind: 'post', channel, again: false },
    rates,
    channelRates: rates,
    ...parts,
  };
}
