import { z } from 'zod';
import type { Instant } from '#core/ids.ts';

/** Facts about one digest of the settings: stream `digest:<name>`. */
export const DigestEvent = z.discriminatedUnion('kind', [
  /** The digest is new: what was before is nobody's news. */
  z.strictObject({ kind: z.literal('digest.begun'), due: z.number() }),
  /** It was due, and covers what ended from `from` until the event. `quiet`: there was nothing to tell. */
  z.strictObject({
    kind: z.literal('digest.posted'),
    due: z.number(),
    from: z.number(),
    quiet: z.boolean(),
  }),
]);
export type DigestEvent = z.infer<typeof DigestEvent>;

/** How far a digest has told: the last time it was due, and up to when it told. */
export const DigestState = z.strictObject({ due: z.number(), to: z.number() });
export type DigestState = Readonly<z.infer<typeof DigestState>>;

/**
 * What is to be posted now; null when nothing is. However long nobody was there, it is one post,
 * and it covers all of the time since the last one.
 */
export function owed(
  state: DigestState | null,
  due: Instant,
): { readonly begin: boolean; readonly from: Instant } | null {
  if (state === null) return { begin: true, from: due };
  return due > state.due ? { begin: false, from: state.to } : null;
}

/** The state after an event that is recorded at `at`. */
export function evolveDigest(event: DigestEvent, at: Instant): DigestState {
  return { due: event.due, to: at };
}
