import { z } from 'zod';
import { canonicalJson } from '#core/canonical.ts';
import type { Instant } from '#core/ids.ts';
import { Actor } from '#core/people.ts';

/** What the ledger stores of an event: its canonical JSON is the exact bytes that are hashed. */
export const StoredEvent = z.strictObject({
  actor: Actor,
  at: z.number().int(),
  body: z.looseObject({ kind: z.string() }),
  format: z.literal(1),
  kind: z.string(),
  seq: z.number().int().positive(),
  stream: z.string(),
  version: z.number().int().positive(),
});
export type StoredEvent = z.infer<typeof StoredEvent>;

/** An event before the database has given it its time and its place in the ledger. */
export interface UnplacedEvent {
  readonly stream: string;
  readonly version: number;
  readonly actor: Actor;
  readonly body: { readonly kind: string };
}

/**
 * The canonical JSON of an event in three pieces. The database puts the time between the first
 * two and the sequence number between the last two, so the bytes are made once, where both are
 * known: `before + at + between + seq + after`. It works because keys are in canonical order.
 */
export interface EventPieces {
  readonly before: string;
  readonly between: string;
  readonly after: string;
}

/** Cuts an event for the database. */
export function eventPieces(event: UnplacedEvent): EventPieces {
  const { actor, body, stream, version } = event;
  return {
    before: `{"actor":${canonicalJson(actor)},"at":`,
    between: `,"body":${canonicalJson(body)},"format":1,"kind":${canonicalJson(body.kind)},"seq":`,
    after: `,"stream":${canonicalJson(stream)},"version":${canonicalJson(version)}}`,
  };
}

/** The exact text of an event once its time and place are known. */
export function eventText(event: UnplacedEvent, at: Instant, seq: number): string {
  const { before, between, after } = eventPieces(event);
  return `${before}${at}${between}${seq}${after}`;
}
