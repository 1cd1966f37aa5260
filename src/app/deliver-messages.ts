import { Fault } from '#core/fault.ts';
import type { ChatPlatform } from '#ports/chat.ts';
import { createBell } from './bell.ts';
import { createDeliveryScheduler, type DeliveryNeeds } from './delivery-scheduler.ts';

/** How often the loop looks by itself, and how often it asks to become the leader, in milliseconds. */
const lookMs = 1_000;
const candidacyMs = 2_000;

export interface MessageDelivery {
  /** Something urgent is due. */
  poke(): void;
  /** Delivers until the signal is aborted, then waits for the calls under way. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Brings what messages should say to the platforms. For each platform one process at a time
 * schedules, so that its budgets are kept as a whole; another takes over when it ends.
 */
export function deliverMessages(
  needs: DeliveryNeeds & { readonly platforms: readonly ChatPlatform[] },
): MessageDelivery {
  const { store, log } = needs;
  const lines = needs.platforms.map((platform) => {
    const bell = createBell();
    return { platform, bell, scheduler: createDeliveryScheduler(needs, platform, bell.ring) };
  });

  async function serve(line: (typeof lines)[number], signal: AbortSignal): Promise<void> {
    const { name } = line.platform;
    while (!signal.aborted) {
      try {
        await store.whileLeader(`deliver:${name}`, () => lead(line, signal));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        log.warn('Delivery pauses: the store is out of reach', { platform: name, error });
      }
      await createBell().wait(candidacyMs, signal);
    }
  }

  async function lead(
    { bell, scheduler }: (typeof lines)[number],
    signal: AbortSignal,
  ): Promise<void> {
    try {
      while (!signal.aborted) {
        const wait = await scheduler.round();
        await bell.wait(Math.min(lookMs, wait ?? lookMs), signal);
      }
    } finally {
      await scheduler.settled();
    }
  }

  return {
    poke() {
      for (const { bell } of lines) bell.ring();
    },
    async run(signal) {
      await Promise.all(lines.map((line) => serve(line, signal)));
    },
  };
}
