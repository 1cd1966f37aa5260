import { describe, expect, it } from 'vitest';
import { discord, slack } from '../../bench/delivery-simulator.ts';
import { simulateFifo } from '../../bench/simulate-fifo.ts';
import { simulateScheduled } from '../../bench/simulate-scheduled.ts';

const crowd = { rollouts: 1000, channels: 10, seconds: 300, seed: 7 };

describe('a thousand releases in ten channels, in simulated time', () => {
  it.each([
    ['Slack', slack, 0],
    ['Slack in a storm', slack, 200],
    ['Discord', discord, 0],
    ['Discord in a storm', discord, 200],
  ] as const)('%s: urgent messages are seen at once, nothing is lost or refused', (...given) => {
    const [, platform, storm] = given;
    const outcome = simulateScheduled({ ...crowd, platform, storm });
    expect(outcome.urgentP99).toBeLessThan(2);
    expect(outcome.stormP99).toBeLessThan(3);
    expect(outcome.stormP99 > 0).toBe(storm > 0);
    expect(outcome.unsent).toBe(0);
    expect(outcome.refused).toBe(0);
    expect(outcome.calls).toBeGreaterThan(100);
  });

  it('keeps the progress that people see fresh', () => {
    const outcome = simulateScheduled({ ...crowd, platform: slack, storm: 0, seconds: 600 });
    expect(outcome.ageP50).toBeGreaterThan(0);
    expect(outcome.ageP50).toBeLessThanOrEqual(45);
  });

  it('is what a queue in order of arrival is not', () => {
    const naive = simulateFifo({ ...crowd, platform: slack, storm: 0 });
    expect(naive.urgentP99).toBeGreaterThan(60);
    expect(naive.unsent).toBeGreaterThan(50);
  });

  it('is repeatable', () => {
    const run = { ...crowd, platform: slack, storm: 50, seconds: 60 };
    expect(simulateScheduled(run)).toEqual(simulateScheduled(run));
  });
});
