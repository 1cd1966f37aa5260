import type { World } from '#app/world.ts';
import { calibrate } from './calibrate.ts';

/** How often each service is measured anew, and over how many of its last releases. */
const everyMs = 6 * 3_600_000;
const releases = 20;

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}

/**
 * The standing calibration: publishes how often the judge sees harm where there is none, as measured
 * on each service's own traffic. One service at a call, the one that waited longest, and in
 * small pieces, so that nothing else waits; services of which nothing is stored are passed over.
 */
export function createStandingCalibration(
  world: Pick<World, 'settings' | 'store' | 'clock' | 'telemetry' | 'log'>,
): () => Promise<void> {
  const measuredAt = new Map<string, number>();
  return async () => {
    const now = world.clock.now();
    const services = Object.keys(world.settings().settings.services);
    const due = services
      .filter((service) => now - (measuredAt.get(service) ?? Number.NEGATIVE_INFINITY) >= everyMs)
      .toSorted((a, b) => (measuredAt.get(a) ?? 0) - (measuredAt.get(b) ?? 0));
    const service = due[0];
    if (service === undefined) return;
    measuredAt.set(service, now);
    try {
      const found = await calibrate(world, { service, last: releases }, rest);
      if (!found.ok) return;
      const { trueRuns, exchanged } = found.value;
      for (const [method, measured] of Object.entries({ same_version: trueRuns, exchanged })) {
        if (measured.trials === 0) continue;
        const labels = { service, method };
        world.telemetry.gauge('judge_false_alarms', measured.falseAlarms / measured.trials, labels);
        world.telemetry.gauge('judge_false_alarms_at_most', measured.atMost, labels);
      }
    } catch (error) {
      world.log.warn('The judge could not be calibrated', { service, error });
    }
  };
}
