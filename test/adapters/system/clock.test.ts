import { expect, it } from 'vitest';
import { openDatabaseClock } from '#adapters/system/clock.ts';
import { silentLog } from '../silent.ts';

/** A machine and a database whose clocks are set by hand. */
async function bench() {
  const at = { wall: 1_000_000, monotonic: 500, database: 1_000_000, roundTrip: 0, down: false };
  const told: (readonly [number, boolean])[] = [];
  const clock = await openDatabaseClock({
    databaseNow: async () => {
      if (at.down) throw new Error('down');
      at.monotonic += at.roundTrip / 2;
      at.wall += at.roundTrip / 2;
      const now = at.database;
      at.monotonic += at.roundTrip / 2;
      at.wall += at.roundTrip / 2;
      return now;
    },
    log: silentLog,
    toleranceMs: 1000,
    onSkew: (skewMs, tooMuch) => told.push([skewMs, tooMuch]),
    local: { wall: () => at.wall, monotonic: () => at.monotonic },
  });
  const pass = (ms: number) => {
    at.wall += ms;
    at.monotonic += ms;
    at.database += ms;
  };
  return { at, clock, told, pass };
}

it('tells the time of the database between refreshes', async () => {
  const { at, clock, pass } = await bench();
  expect(clock.now()).toBe(1_000_000);
  pass(90);
  expect(clock.now()).toBe(1_000_090);
  at.database += 400;
  expect(clock.now()).toBe(1_000_090);
  await clock.refresh();
  expect(clock.now()).toBe(1_000_490);
  clock.close();
});

it('takes the middle of the round trip', async () => {
  const { at, clock } = await bench();
  at.roundTrip = 80;
  await clock.refresh();
  expect(clock.now()).toBe(at.database + 40);
  clock.close();
});

it('never goes backwards, and goes on once it is caught up with', async () => {
  const { at, clock, pass } = await bench();
  pass(5000);
  const before = clock.now();
  at.database -= 3000;
  await clock.refresh();
  expect(clock.now()).toBe(before);
  pass(2999);
  expect(clock.now()).toBe(before);
  pass(2);
  expect(clock.now()).toBe(before + 1);
  clock.close();
});

it('is not moved by a jump of the wall clock, but asks again', async () => {
  const { at, clock } = await bench();
  at.wall += 3_600_000;
  expect(clock.now()).toBe(1_000_000);
  await Promise.resolve();
  await clock.refresh();
  expect(clock.now()).toBe(1_000_000);
  expect(clock.skewMs()).toBe(3_600_000);
  clock.close();
});

it('tells when the skew passes the tolerance, and when it is back', async () => {
  const { at, clock, told } = await bench();
  at.wall += 900;
  await clock.refresh();
  at.wall += 200;
  await clock.refresh();
  expect(clock.tooMuchSkew()).toBe(true);
  await clock.refresh();
  at.wall -= 2200;
  await clock.refresh();
  at.wall += 1100;
  await clock.refresh();
  expect(told).toEqual([
    [1100, true],
    [0, false],
  ]);
  clock.close();
});

it('keeps its offset while the database does not answer', async () => {
  const { at, clock, pass } = await bench();
  at.down = true;
  pass(100);
  await clock.refresh();
  expect(clock.now()).toBe(1_000_100);
  clock.close();
});

it('does not open without a first answer', async () => {
  await expect(
    openDatabaseClock({
      databaseNow: () => Promise.reject(new Error('down')),
      log: silentLog,
      toleranceMs: 1000,
      onSkew: () => {},
    }),
  ).rejects.toThrow('down');
});
