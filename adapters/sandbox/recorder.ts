import type { Side } from './side.ts';
import {
  type Counters,
  countsBetween,
  type HttpCounts,
  nothing,
  type Observed,
  sumOf,
  type Track,
} from './tracks.ts';

/** Something that exposes metrics: the proxy's counters of a side, or an instance of it. */
export interface Source {
  /** Names the counters for as long as they grow: another process is another key. */
  readonly key: string;
  readonly by: 'proxy' | 'instance';
  readonly side: Side;
  readonly digest: string;
  /** What it shows, or null when it cannot be had now. */
  readonly observe: () => Promise<Observed | null>;
}

/** A ring buffer of what each side did, filled by scraping. */
export interface Recorder {
  scrape(sources: readonly Source[]): Promise<void>;
  readonly tracks: readonly Track[];
  /** Times of the scrapes that ended, oldest first. */
  readonly scrapedAt: readonly number[];
}

interface Scraped {
  readonly source: Source;
  readonly counts: HttpCounts;
  readonly memory: number | null;
}

/** Keeps `keep` scrapes. Two scrapes never overlap: the caller waits for one before the next. */
export function createRecorder(now: () => number, keep: number): Recorder {
  const tracks: Track[] = [];
  const scrapedAt: number[] = [];
  let counters = new Map<string, Counters>();

  async function scrapeOne(source: Source): Promise<Scraped | null> {
    const observed = await source.observe();
    if (observed === null) return null;
    const after = observed.counters;
    const counts = countsBetween(counters.get(source.key) ?? new Map(), after);
    counters.set(source.key, after);
    return { source, counts, memory: observed.memory };
  }

  function record(all: readonly Scraped[], from: number, at: number): void {
    for (const group of Map.groupBy(
      all,
      ({ source }) => `${source.side} ${source.digest}`,
    ).values()) {
      const source = group[0]?.source;
      if (source === undefined) continue;
      const memories = group.map(({ memory }) => memory).filter((memory) => memory !== null);
      trackOf(source).points.push({
        from,
        at,
        proxy: sumOf(by(group, 'proxy')),
        instances: sumOf(by(group, 'instance')),
        memory: memories.length === 0 ? null : memories.reduce((a, b) => a + b) / memories.length,
      });
    }
    forget(from);
  }

  function trackOf({ side, digest }: Source): Track {
    const known = tracks.find((it) => it.side === side && it.digest === digest);
    if (known !== undefined) return known;
    const track: Track = { side, digest, points: [] };
    tracks.push(track);
    return track;
  }

  function forget(now: number): void {
    scrapedAt.splice(0, Math.max(0, scrapedAt.length - keep));
    const oldest = scrapedAt[0] ?? now;
    for (const track of tracks) {
      const fresh = track.points.findIndex(({ at }) => at >= oldest);
      track.points.splice(0, fresh === -1 ? track.points.length : fresh);
    }
    const live = tracks.filter(({ points }) => points.length > 0);
    tracks.splice(0, tracks.length, ...live);
  }

  return {
    tracks,
    scrapedAt,
    async scrape(sources) {
      const from = scrapedAt.at(-1);
      const scraped = (await Promise.all(sources.map(scrapeOne))).filter((it) => it !== null);
      const keys = new Set(sources.map(({ key }) => key));
      counters = new Map([...counters].filter(([key]) => keys.has(key)));
      const at = now();
      scrapedAt.push(at);
      // The first scrape only tells where the counters stand.
      if (from !== undefined) record(scraped, from, at);
    },
  };
}

function by(group: readonly Scraped[], who: Source['by']): readonly HttpCounts[] {
  const counts = group.filter(({ source }) => source.by === who).map((it) => it.counts);
  return counts.length === 0 ? [nothing] : counts;
}
