import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How late the event loop is. `take` gives the 99th percentile in seconds since the last. */
export interface EventLoopWatch {
  take(): number;
  close(): void;
}

/** Watches the event loop. */
export function watchEventLoop(): EventLoopWatch {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  return {
    take: () => {
      // A sample measures the whole pause, of which the resolution is no delay.
      const seconds = Math.max(0, histogram.percentile(99) / 1e9 - 0.02);
      histogram.reset();
      return Number.isFinite(seconds) ? seconds : 0;
    },
    close: () => {
      histogram.disable();
    },
  };
}
