/**
 * The answer of some work, and a word to whoever waits when it takes longer than `afterMs`. The word
 * never comes after the answer.
 */
export async function sayIfSlow<T>(
  work: Promise<T>,
  afterMs: number,
  say: () => Promise<void>,
): Promise<T> {
  let said: Promise<void> | null = null;
  const timer = setTimeout(() => {
    said = say();
  }, afterMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    await said;
  }
}
