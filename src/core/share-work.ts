/** Does some work, or waits for equal work. `key` says what is equal. */
type ShareWork<T> = (key: string, work: () => Promise<T>) => Promise<T>;

/**
 * Equal work is done once for all who wait for it, and always begins after it was asked for: what is
 * under way already may show how things were before.
 */
export function shareWork<T>(): ShareWork<T> {
  const underWay = new Map<string, Promise<unknown>>();
  const next = new Map<string, Promise<T>>();

  async function done(key: string, work: () => Promise<T>): Promise<T> {
    const doing = work();
    underWay.set(key, doing);
    try {
      return await doing;
    } finally {
      if (underWay.get(key) === doing) underWay.delete(key);
    }
  }

  async function afterwards(key: string, before: Promise<unknown>, work: () => Promise<T>) {
    await Promise.allSettled([before]);
    next.delete(key);
    return done(key, work);
  }

  return (key, work) => {
    const waiting = next.get(key);
    if (waiting !== undefined) return waiting;
    const before = underWay.get(key);
    if (before === undefined) return done(key, work);
    const after = afterwards(key, before, work);
    next.set(key, after);
    return after;
  };
}
