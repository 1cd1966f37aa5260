import { z } from 'zod';
import type { Ask } from './reads.ts';

const Page = z.object({
  messages: z
    .array(
      z.object({
        ts: z.string(),
        metadata: z
          .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
          .optional(),
      }),
    )
    .default([]),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** The `event_type` of the metadata under which the key of a message is kept. */
export const keyEvent = 'signalbox_message';

export function keyMetadata(key: string): object {
  return { event_type: keyEvent, event_payload: { key } };
}

/** Looks this far back: an unclear send is looked for within seconds or minutes. */
const pagesMax = 5;

/**
 * The `ts` of the app's own message with this key in a channel or thread, newest first; null when
 * there is none among the latest. Metadata can be read back by the app that wrote them.
 */
export async function findMessage(
  ask: Ask,
  channel: string,
  thread: string | null,
  key: string,
): Promise<string | null> {
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    const asked = {
      channel,
      limit: 200,
      include_all_metadata: true,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const answer = Page.parse(
      thread === null
        ? await ask('conversations.history', asked)
        : await ask('conversations.replies', { ...asked, ts: thread }),
    );
    const found = answer.messages.find(
      ({ metadata }) => metadata?.event_type === keyEvent && metadata.event_payload['key'] === key,
    );
    if (found !== undefined) return found.ts;
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return null;
  }
  return null;
}
