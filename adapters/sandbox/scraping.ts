import type { Wishes } from './cell-record.ts';
import { readInstance } from './instance-process.ts';
import type { Recorder, Source } from './recorder.ts';
import type { Router } from './router.ts';
import { sides } from './side.ts';
import type { Supervisor } from './supervisor.ts';
import { observedAt, observedIn } from './tracks.ts';

const scrapeWithinMs = 500;

/** What can be scraped at a cell now: the proxy's counters of each side, and each instance. */
export function sourcesOf(
  wishes: Wishes,
  router: Pick<Router, 'counters'>,
  supervisor: Pick<Supervisor, 'instances'>,
): readonly Source[] {
  const ofProxy = sides.flatMap((side): readonly Source[] => {
    const digest = wishes[side]?.digest;
    const seen = router.counters(side);
    if (digest === undefined || seen === null) return [];
    const observe = async () => observedAt(seen.metrics);
    return [{ key: seen.key, by: 'proxy', side, digest, observe }];
  });
  const ofInstances = supervisor.instances().flatMap((it): readonly Source[] => {
    const { port, side, digest, id } = it;
    if (port === null) return [];
    const observe = async () => {
      const text = await readInstance(port, '/metrics', scrapeWithinMs);
      return text === null ? null : observedIn(text);
    };
    return [{ key: `instance ${id}`, by: 'instance', side, digest, observe }];
  });
  return [...ofProxy, ...ofInstances];
}

/** Scrapes at each multiple of the period, one scrape after the other. */
export function startScraping(
  recorder: Recorder,
  sources: () => readonly Source[],
  everyMs: number,
): { stop(): void } {
  let isStopped = false;
  let timer = setTimeout(scrape, untilNext(everyMs));

  function scrape(): void {
    void recorder.scrape(sources()).then(() => {
      if (!isStopped) timer = setTimeout(scrape, untilNext(everyMs));
    });
  }

  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function untilNext(everyMs: number): number {
  return everyMs - (Date.now() % everyMs);
}
