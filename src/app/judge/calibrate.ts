import type { World } from '#app/world.ts';
import {
  type Calibration,
  calibrateExchanged,
  calibrateTrueRuns,
} from '#core/analysis/calibration.ts';
import { ok, type Result } from '#core/result.ts';
import { noSamples } from './backtest.ts';
import { byStep, looksOfLast } from './stored-looks.ts';

/** The false-alarm rate of a service, as measured on its own traffic. */
export interface ServiceCalibration {
  readonly service: string;
  readonly releases: number;
  /** Runs of the same version on both sides, where there were any. */
  readonly trueRuns: Calibration;
  /** Releases with their sides exchanged by chance. */
  readonly exchanged: Calibration;
}

/** How often each step is exchanged, and how many steps are looked at: some seconds of work. */
const times = 10;
const stepsAtMost = 40;

/**
 * Measures how often the judge sees harm where there is none, from the stored samples of the last
 * releases of a service: the standing calibration. The same samples give the same answer.
 * Refusal: `judge.no_samples`.
 */
export async function calibrate(
  world: Pick<World, 'store'>,
  wish: { readonly service: string; readonly last: number },
): Promise<Result<ServiceCalibration>> {
  const found = await looksOfLast(world.store, wish.service, Math.min(50, wish.last));
  if (found.length === 0) return noSamples(wish.service);
  const steps = found.flatMap(({ looks }) => byStep(looks)).slice(0, stepsAtMost);
  return ok({
    service: wish.service,
    releases: found.length,
    trueRuns: calibrateTrueRuns(steps),
    exchanged: calibrateExchanged(steps, times),
  });
}
