import { describe, expect, it } from 'vitest';
import { affordableAt, fullBucket, refilled, refused, spent } from '#core/delivery/bucket.ts';

const rate = { scope: 's', capacity: 5, perSecond: 1 };

describe('a token bucket', () => {
  it('gives what it holds at once, then at its rate', () => {
    let bucket = fullBucket(rate, 0);
    for (let call = 0; call < 5; call += 1) {
      expect(affordableAt(bucket, 0, 0)).toBe(0);
      bucket = spent(bucket, 0);
    }
    expect(affordableAt(bucket, 0, 0)).toBe(1000);
    expect(affordableAt(bucket, 0, 400)).toBe(1000);
  });

  it('never holds more than its capacity', () => {
    expect(refilled(fullBucket(rate, 0), 3_600_000).tokens).toBe(5);
  });

  it.each([
    [0, 5],
    [1, 5],
    [2, 4],
    [3, 4],
  ] as const)('gives calls of urgency %d %d of its five', (urgency, expected) => {
    let bucket = fullBucket(rate, 0);
    let count = 0;
    for (; affordableAt(bucket, urgency, 0) === 0; count += 1) bucket = spent(bucket, 0);
    expect(count).toBe(expected);
  });

  it('holds nothing back of a single call, or nobody could ever send', () => {
    const single = fullBucket({ scope: 's', capacity: 1, perSecond: 1 }, 0);
    expect(affordableAt(single, 3, 0)).toBe(0);
  });

  it('after a refusal waits as told with jitter, empty, at half its rate', () => {
    const bucket = refused(fullBucket(rate, 0), 10_000, 0.5, 0);
    expect(bucket.frozenUntil).toBe(11_000);
    expect(affordableAt(bucket, 0, 0)).toBe(11_000 + 2_000);
  });

  it('recovers a tenth of its rate per minute', () => {
    const bucket = refused(fullBucket(rate, 0), 0, 0, 0);
    expect(refilled(bucket, 60_000).share).toBeCloseTo(0.6);
    expect(refilled(bucket, 600_000).share).toBe(1);
  });

  it('keeps trying however often it was refused', () => {
    let bucket = fullBucket(rate, 0);
    for (let time = 0; time < 50; time += 1) bucket = refused(bucket, 0, 0, 0);
    expect(affordableAt(bucket, 0, 0)).toBeLessThanOrEqual(32_000);
  });
});
