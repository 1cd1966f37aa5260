import type { EventLoopWatch } from '#adapters/telemetry/event-loop-lag.ts';
import { Fault } from '#core/fault.ts';
import type { Queue } from '#ports/queue.ts';
import type { Store } from '#ports/store.ts';
import type { Telemetry } from '#ports/telemetry.ts';

/** More rollouts and messages than that are not counted one by one. */
const most = 500;

const urgencies = ['reply', 'urgent', 'phase', 'tick'] as const;

/** Sets the gauges that nobody keeps up to date, just before they are read. */
export async function setGauges(
  telemetry: Telemetry,
  outside: { readonly store: Store; readonly queue: Queue; readonly eventLoop: EventLoopWatch },
): Promise<void> {
  const { store, queue, eventLoop } = outside;
  telemetry.gauge('event_loop_lag_seconds', eventLoop.take());
  telemetry.gauge('queue_up', (await queue.healthy()) ? 1 : 0);
  try {
    const { size, phases, waiting } = await count(store);
    telemetry.gauge('store_up', 1);
    telemetry.gauge('ledger_events', size);
    for (const [phase, number] of phases) telemetry.gauge('rollouts', number, { phase });
    for (const [urgency, number] of waiting) {
      telemetry.gauge('deliveries_waiting', number, { urgency });
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    telemetry.gauge('store_up', 0);
  }
}

/** Phases that were seen once stay, at zero, so that a gauge never shows what is over. */
const seenPhases = new Set<string>();

function count(store: Store) {
  return store.transact(async (tx) => {
    const open = await tx.streams({ kind: 'rollout', ended: false, limit: most });
    const phases = new Map([...seenPhases].map((phase): [string, number] => [phase, 0]));
    for (const { row } of open) {
      const phase = row.phase ?? 'unknown';
      seenPhases.add(phase);
      phases.set(phase, (phases.get(phase) ?? 0) + 1);
    }
    const waiting = new Map(urgencies.map((name): [string, number] => [name, 0]));
    for (const { urgency } of await tx.dueSurfaces(tx.now, most)) {
      const name = urgencies[urgency];
      waiting.set(name, (waiting.get(name) ?? 0) + 1);
    }
    return { size: (await tx.head()).size, phases, waiting };
  });
}
