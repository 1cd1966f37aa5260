import type { Readiness } from '#adapters/console/index.ts';
import type { Core } from './core.ts';

/** Asks what this process cannot do without. Chat and metrics are not among it: it works without. */
export function readiness(core: Core): () => Promise<Readiness> {
  const { world } = core;
  return async () => {
    const [store, queue] = await Promise.all([world.store.healthy(), world.queue.healthy()]);
    const halted = world.halted();
    return {
      ready: store && halted === null,
      checks: {
        store: store ? 'ok' : 'out of reach',
        // Without the queue the reconciler still gets everything done, only later.
        queue: queue ? 'ok' : 'out of reach',
        clock: core.tooMuchSkew() ? 'too far from the database' : 'ok',
        history: halted ?? 'ok',
      },
    };
  };
}
