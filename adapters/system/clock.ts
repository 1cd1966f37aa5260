import type { Instant } from '#core/ids.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';

/** The clocks of this machine. `monotonic` counts milliseconds from anywhere and never jumps. */
export interface LocalClocks {
  wall(): number;
  monotonic(): number;
}

export interface DatabaseClockOptions {
  databaseNow(): Promise<Instant>;
  readonly log: Log;
  /** More skew than this endangers leases that are kept by local clocks: a quarter of the lease. */
  readonly toleranceMs: number;
  /** Told when the skew passes the tolerance, and when it is back within. */
  onSkew(skewMs: number, tooMuch: boolean): void;
  readonly refreshMs?: number;
  readonly local?: LocalClocks;
}

export interface DatabaseClock extends Clock {
  /** This machine's wall clock minus the database's, at the last refresh. */
  skewMs(): number;
  tooMuchSkew(): boolean;
  /** Asks the database now; keeps the old offset when it does not answer. */
  refresh(): Promise<void>;
  close(): void;
}

const machine: LocalClocks = { wall: Date.now, monotonic: () => performance.now() };

/**
 * The database's time, kept between refreshes by this machine's monotonic clock, so that a jump of
 * the wall clock moves nothing. It never goes backwards: when the database's does, it stands until
 * it has been caught up with.
 * @throws Fault of `databaseNow` when the first answer cannot be had.
 */
export async function openDatabaseClock(options: DatabaseClockOptions): Promise<DatabaseClock> {
  const { databaseNow, log, toleranceMs, onSkew, local = machine } = options;
  let offset = 0;
  let skew = 0;
  let last = Number.NEGATIVE_INFINITY;
  let tooMuch = false;
  /** Wall minus monotonic; it changes when the wall clock jumps or the machine was asleep. */
  let gap = 0;
  let asking: Promise<void> | null = null;

  async function ask(): Promise<void> {
    const before = local.monotonic();
    const told = await databaseNow();
    const after = local.monotonic();
    const middle = (before + after) / 2;
    offset = told - middle;
    gap = local.wall() - after;
    skew = Math.round(gap + middle - told);
    if (last - told > 1000) log.error('The database clock went back', { byMs: last - told });
    if (Math.abs(skew) > toleranceMs !== tooMuch) {
      tooMuch = !tooMuch;
      onSkew(skew, tooMuch);
    }
  }

  async function refresh(): Promise<void> {
    asking ??= ask().finally(() => {
      asking = null;
    });
    await asking.catch((error) => {
      log.warn('The database did not tell the time', { error });
    });
  }

  function now(): Instant {
    const moment = local.monotonic();
    if (Math.abs(local.wall() - moment - gap) > 1000) {
      gap = local.wall() - moment;
      refresh().catch(() => {});
    }
    last = Math.max(last, Math.round(moment + offset));
    return last;
  }

  await ask();
  const timer = setInterval(() => {
    refresh().catch(() => {});
  }, options.refreshMs ?? 60_000);
  timer.unref();

  return {
    now,
    skewMs: () => skew,
    tooMuchSkew: () => tooMuch,
    refresh,
    close: () => clearInterval(timer),
  };
}
