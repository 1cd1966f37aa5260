import type { Failpoint } from '#ports/failpoint.ts';

export interface Failpoints {
  readonly failpoint: Failpoint;
  /** Those that nobody has come to yet. */
  missing(): readonly string[];
}

/** Who stands there keeps a transaction open, and others out of the database. */
export function isCommit(name: string): boolean {
  return name.endsWith('-commit');
}

/** Messages go out beside the releases. */
export function isSend(name: string): boolean {
  return name.endsWith('-send');
}

/**
 * Names of failpoints with commas between: the first release to come to each stands there, and when
 * all are reached the process ends itself. As SIGKILL, so that nothing can be tidied up. Who stands
 * stays there: a worker has one piece of work on a release at a time, and its lease is renewed. While
 * anybody stands, no more messages go out: as much as possible is left undone. A commit counts once
 * all others are reached.
 */
export function failpointsFrom(text = ''): Failpoints {
  const missing = new Set(text.split(',').filter((name) => name !== ''));
  const all = missing.size;

  function holds(name: string): boolean {
    const others = [...missing].filter((other) => !isCommit(other));
    if (isCommit(name) && others.length > 0) return false;
    if (missing.delete(name)) {
      if (missing.size === 0) process.kill(process.pid, 'SIGKILL');
      return true;
    }
    return isSend(name) && missing.size < all && !others.some(isSend);
  }

  return {
    // Whoever stands does nothing any more, and when the signal is on its way neither.
    failpoint: async (name) => (holds(name) ? new Promise(() => {}) : undefined),
    missing: () => [...missing],
  };
}
