import { z } from 'zod';
import { Membership } from './people.ts';
import { Permission } from './permission.ts';

/** What is recorded of every command, in a stream of its own: `command:<inbox id>`. */
const Arrival = {
  /** Number of the inbox row: with `source`, it finds what arrived. */
  inbox: z.number().int(),
  source: z.string(),
  /** SHA-256 of the text as typed, or of the token of the button. */
  textHash: z.string(),
};

/**
 * The decision about one command. The parsed form is kept, never the raw text: people paste
 * secrets into the wrong window.
 */
export const CommandEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('command.accepted'),
    ...Arrival,
    command: z.string(),
    args: z.record(z.string(), z.string()),
    permission: Permission,
    service: z.string().nullable(),
    environment: z.string().nullable(),
    /** The role that permitted it, and the membership that gave the role. */
    role: z.string(),
    evidence: z.array(Membership),
  }),
  z.strictObject({
    kind: z.literal('command.refused'),
    ...Arrival,
    /** Null when not even the command could be read. */
    command: z.string().nullable(),
    args: z.record(z.string(), z.string()),
    code: z.string(),
    message: z.string(),
  }),
]);
export type CommandEvent = z.infer<typeof CommandEvent>;
