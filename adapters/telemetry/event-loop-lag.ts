import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Watches the event loop. `take` gives the 99th percentile of its delay in seconds since the last. */
export function watchEventLoop(): { take(): number; close(): void } {
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
