import { z } from 'zod';
import type { Chart } from '#core/message.ts';
import type { ChartPainter } from '#ports/chart-painter.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { Json } from './plain-text.ts';

/** The picture that goes with one sending: a new one, or the one that the message has already. */
export interface Picture {
  readonly attachments: readonly Json[];
  readonly files: readonly { readonly name: string; readonly data: Uint8Array }[];
  /** Tells what Discord made of it. */
  sent(message: string, answer: unknown): void;
}

/** Draws the charts of live messages, each at most once in so many seconds. */
export interface Pictures {
  /** Null when there can be no picture: the table beside it says the same. */
  of(message: string | null, chart: Chart): Promise<Picture | null>;
  /** Nobody knows any more which picture the message has: the next one is drawn anew. */
  forget(message: string): void;
}

const Attached = z.object({ attachments: z.array(z.object({ id: z.string() })).default([]) });
const keptMax = 500;

export function createPictures(parts: {
  readonly paint: ChartPainter | null;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Log;
}): Pictures {
  const drawn = new Map<string, { readonly at: number; readonly attachment: string }>();

  function remember(message: string, attachment: string, at: number): void {
    drawn.delete(message);
    drawn.set(message, { at, attachment });
    const [oldest] = drawn.keys();
    if (drawn.size > keptMax && oldest !== undefined) drawn.delete(oldest);
  }

  return {
    async of(message, chart) {
      if (parts.paint === null) return null;
      const now = parts.clock.now();
      const before = message === null ? undefined : drawn.get(message);
      if (before !== undefined && now - before.at < parts.everyMs) {
        return { attachments: [{ id: before.attachment }], files: [], sent() {} };
      }
      try {
        const data = await parts.paint(chart);
        return {
          attachments: [{ id: 0, filename: 'chart.png' }],
          files: [{ name: 'chart.png', data }],
          sent(sentMessage, answer) {
            const [first] = Attached.safeParse(answer).data?.attachments ?? [];
            if (first !== undefined) remember(sentMessage, first.id, now);
          },
        };
      } catch (error) {
        parts.log.warn('A chart could not be drawn; its table stands alone', { error });
        return null;
      }
    },
    forget: (message) => void drawn.delete(message),
  };
}
