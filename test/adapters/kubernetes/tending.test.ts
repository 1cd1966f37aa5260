import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTending, type Round } from '#adapters/kubernetes/tending.ts';
import { silentLog } from '../silent.ts';

describe('tending a place', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function tended(...story: readonly Round[]) {
    let rounds = 0;
    const round = async (): Promise<Round> => {
      rounds += 1;
      return story[rounds - 1] ?? 'waiting';
    };
    const tending = createTending({ round, pauseMs: 2000, log: silentLog });
    return { tending, rounds: () => rounds };
  }

  it('looks at what comes in a burst together, and at nothing later than the pause', async () => {
    const { tending, rounds } = tended();
    tending.poke('shop');
    await vi.advanceTimersByTimeAsync(1);
    expect(rounds()).toBe(1);
    for (let poked = 0; poked < 50; poked += 1) {
      tending.poke('shop');
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(rounds()).toBe(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(rounds()).toBe(2);
    await vi.advanceTimersByTimeAsync(2100);
    expect(rounds()).toBe(3);
    const closed = tending.close();
    await vi.advanceTimersByTimeAsync(2100);
    await closed;
    expect(rounds()).toBe(3);
  });

  it('begins once: who looks on hurries nothing', async () => {
    const { tending, rounds } = tended();
    for (let looked = 0; looked < 50; looked += 1) {
      tending.begin('shop');
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(rounds()).toBe(1);
    await vi.advanceTimersByTimeAsync(1200);
    expect(rounds()).toBe(2);
    const closed = tending.close();
    await vi.advanceTimersByTimeAsync(2100);
    await closed;
  });

  it('writes one thing after the other without a pause, and rests', async () => {
    const { tending, rounds } = tended('busy', 'busy', 'busy', 'rest');
    tending.poke('shop');
    await vi.advanceTimersByTimeAsync(1);
    expect(rounds()).toBe(4);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(rounds()).toBe(4);
    await tending.close();
  });
});
