import type { World } from '#app/world.ts';
import {
  alarmsExchanged,
  type Calibration,
  calibrateTrueRuns,
  tally,
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
 * `rest` is waited for after each piece of about 10 ms. Refusal: `judge.no_samples`.
 */
export async function calibrate(
  world: Pick<World, 'store'>,
  wish: { readonly service: string; readonly last: number },
  rest: () => Promise<void> = async () => {},
): Promise<Result<ServiceCalibration>> {
  const found = await looksOfLast(world.store, wish.service, Math.min(50, wish.last));
  if (found.length === 0) return noSamples(wish.service);
  const steps = found.flatMap(({ looks }) => byStep(looks)).slice(0, stepsAtMost);
  const alarms: boolean[] = [];
  for (const looks of steps) {
    for (let seed = 1; seed <= times; seed++) {
      alarms.push(alarmsExchanged(looks, seed));
      await rest();
    }
  }
  return ok({
    service: wish.service,
    releases: found.length,
    trueRuns: calibrateTrueRuns(steps),
    exchanged: tally(alarms, steps),
  });
}
