import { z } from 'zod';

/** How to answer one interaction. JSON-safe: it waits in the inbox. */
export const ReplyTo = z.strictObject({
  tenant: z.string(),
  channel: z.string().nullable(),
  thread: z.string().nullable(),
  user: z.string(),
  application: z.string(),
  /** Of the interaction; it answers for 15 minutes. */
  token: z.string(),
  until: z.number(),
});
export type ReplyTo = z.infer<typeof ReplyTo>;

/** Interaction tokens live 15 minutes; one is left for the way. */
export const tokenLifeMs = 14 * 60_000;
