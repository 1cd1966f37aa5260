import type { Wake } from '#ports/queue.ts';

const topics = ['rollout', 'inbox', 'deliver', 'timer'] as const satisfies readonly Wake['topic'][];

/**
 * The job id of a wake, `rollout:shop-1:7`. It is the whole content of the job: adding an id that
 * still waits is ignored by BullMQ, which makes one wake of two. BullMQ takes ids with exactly two
 * colons, so those inside the parts are escaped.
 */
export function wakeId({ topic, subject, attempt }: Wake): string {
  return `${topic}:${encodeURIComponent(subject)}:${encodeURIComponent(attempt)}`;
}

/** Reads a job id; null when it is none of ours. */
export function wakeOf(id: string | undefined): Wake | null {
  const [word, subject, attempt, ...rest] = id?.split(':') ?? [];
  const topic = topics.find((each) => each === word);
  if (topic === undefined || subject === undefined || attempt === undefined || rest.length > 0) {
    return null;
  }
  try {
    return {
      topic,
      subject: decodeURIComponent(subject),
      attempt: decodeURIComponent(attempt),
    };
  } catch {
    return null;
  }
}
