import { describe, expect, it, vi } from 'vitest';
import { createBell } from '#app/bell.ts';
import { deliverMessages } from '#app/deliver-messages.ts';
import { createDeliveryBench } from './delivery-bench.ts';

describe('the delivery loop', () => {
  it('lets one process schedule at a time, and another take over', async () => {
    const bench = createDeliveryBench();
    const first = new AbortController();
    const second = new AbortController();
    const loops = [first, second].map(({ signal }) => {
      const delivery = deliverMessages({ ...bench.needs, platforms: [bench.chat.platform] });
      return { delivery, done: delivery.run(signal) };
    });
    for (let index = 0; index < 20; index += 1) {
      await bench.desire(`card ${index}`, `card ${index}`);
      for (const { delivery } of loops) delivery.poke();
    }
    await vi.waitFor(() => expect(bench.titles()).toHaveLength(20));
    expect(bench.sent()).toHaveLength(20);
    first.abort();
    await loops[0]?.done;
    await bench.desire('last', 'last');
    await vi.waitFor(() => expect(bench.titles()).toContain('last'), { timeout: 10_000 });
    second.abort();
    await loops[1]?.done;
    expect(bench.sent()).toHaveLength(21);
  });
});

describe('a bell', () => {
  it('wakes who waits, and is heard by who comes later', async () => {
    const bell = createBell();
    const { signal } = new AbortController();
    const waiting = bell.wait(3_600_000, signal);
    bell.ring();
    await waiting;
    bell.ring();
    await bell.wait(3_600_000, signal);
  });

  it('lets go when the signal is aborted', async () => {
    const bell = createBell();
    const controller = new AbortController();
    const waiting = bell.wait(3_600_000, controller.signal);
    controller.abort();
    await waiting;
    await bell.wait(3_600_000, controller.signal);
  });
});
