import { Fault } from '#core/fault.ts';

/**
 * The answer, or a Fault `queue.unavailable` when it fails or takes longer than `ms`. What was
 * asked may still happen afterwards: a queue is at least once anyway.
 */
export async function answerWithin<T>(ms: number, answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([answer, late.promise]);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault('queue.unavailable', 'The queue does not answer', { retryable: true, cause });
  } finally {
    clearTimeout(timer);
  }
}
