import { z } from 'zod';

/** One change as people speak of it: a pull request with its commits, or a commit without one. */
export const Change = z.strictObject({
  title: z.string(),
  author: z.string(),
  /** Number of the pull request; null for a bare commit. */
  pull: z.number().int().nullable(),
  /** Short id of the newest commit. */
  commit: z.string(),
  url: z.string().nullable(),
  tickets: z.array(z.strictObject({ id: z.string(), url: z.string().nullable() })),
  /** What its author says about the risk; null when nothing. */
  risk: z.string().nullable(),
});
export type Change = z.infer<typeof Change>;

/** What a release brings, or takes away, against what ran before. */
export const ChangeList = z.strictObject({
  /** The two versions that were compared. */
  from: z.string(),
  to: z.string(),
  /** Newest first; at most 50. */
  changes: z.array(Change),
  /** Changes that are not listed. */
  more: z.number().int(),
  commits: z.number().int(),
  /** Commits that it does not have any more. */
  lost: z.number().int(),
  authors: z.array(z.string()),
  /** When the newest commit was made. */
  committedAt: z.number().nullable(),
  url: z.string().nullable(),
});
export type ChangeList = z.infer<typeof ChangeList>;
