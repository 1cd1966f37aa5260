/** Runs one piece of work when a lane is free, and answers with what it gave. */
export type Lanes = <T>(work: () => Promise<T>) => Promise<T>;

/** At most `count` pieces of work at a time, first come first served. */
export function createLanes(count: number): Lanes {
  const waiting: (() => void)[] = [];
  let free = count;

  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
