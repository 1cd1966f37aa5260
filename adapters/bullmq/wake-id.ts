import type { Wake } from '#ports/queue.ts';

const topics = ['rollout', 'inbox', 'deliver', 'timer'] as const satisfies readonly Wake['topic'][];

/**
 * The job id of a wake, `rollout:shop-1:7`. It is the whole content of the job: adding an id that
 * still waits is ignored by BullMQ, which makes one wake of two. BullMQ takes ids with exactly two
 * colons, so those inside the parts are escaped.
 */
export function wakeId({ topic, subject, attempt }: Wake): string {
  return `${topic}:${escaped(subject)}:${escaped(attempt)}`;
}

/** Reads a job id; null when it is none of ours. */
export function wakeOf(id: string | undefined): Wake | null {
  const parts = id?.split(':') ?? [];
  const [word, subject, attempt] = parts;
  const topic = topics.find((each) => each === word);
  if (parts.length !== 3 || topic === undefined) return null;
  if (subject === undefined || attempt === undefined) return null;
  try {
    return { topic, subject: plain(subject), attempt: plain(attempt) };
  } catch {
    return null;
  }
}

function escaped(part: string): string {
  return /^[\w.-]*$/.test(part) ? part : encodeURIComponent(part);
}

function plain(part: string): string {
  return part.includes('%') ? decodeURIComponent(part) : part;
}
