import type { Artifact } from '#core/release.ts';
import type { TargetProblem } from '#ports/delivery-target.ts';
import type { Timing } from './options.ts';

/** What is known of bits whose processes ended by themselves. */
export interface Crashes {
  note(digest: string, how: string, lastWords: readonly string[]): void;
  /** Time to wait before the bits may be started again; 0 when they may be now. */
  waitMs(digest: string): number;
  /** Time until the first of the waits is over; null when nothing waits. */
  nextWaitMs(): number | null;
  /** They have been running well for a while. */
  forgive(digest: string): void;
  /** Forgets all bits but these. */
  keep(digests: readonly (string | undefined)[]): void;
  /** A loop is two crashes or more. */
  problemOf(artifact: Artifact): TargetProblem | null;
}

/** The wait doubles with each crash, up to a limit. */
export function createCrashes(timing: Pick<Timing, 'backoffMs' | 'backoffLimitMs'>): Crashes {
  const known = new Map<
    string,
    { readonly count: number; readonly at: number; readonly text: string }
  >();

  function waitMs(digest: string): number {
    const crash = known.get(digest);
    if (crash === undefined) return 0;
    const pause = Math.min(timing.backoffLimitMs, timing.backoffMs * 2 ** (crash.count - 1));
    return Math.max(0, Math.ceil(crash.at + pause - performance.now()));
  }

  return {
    waitMs,
    nextWaitMs() {
      const waits = [...known.keys()].map(waitMs).filter((wait) => wait > 0);
      return waits.length === 0 ? null : Math.min(...waits);
    },
    note(digest, how, lastWords) {
      const text = `${how}; last words: ${lastWords.slice(-3).join(' / ') || 'none'}`;
      const count = (known.get(digest)?.count ?? 0) + 1;
      known.set(digest, { count, at: performance.now(), text });
    },
    forgive(digest) {
      known.delete(digest);
    },
    keep(digests) {
      for (const digest of known.keys()) if (!digests.includes(digest)) known.delete(digest);
    },
    problemOf({ digest, version }) {
      const crash = known.get(digest);
      if (crash === undefined || crash.count < 2) return null;
      const text = `${version} ended by itself ${crash.count} times: ${crash.text}`;
      return { code: 'crash_loop', text: text.slice(0, 500) };
    },
  };
}
