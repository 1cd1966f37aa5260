import { Fault } from '#core/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Store, Transaction } from '#ports/store.ts';

/** What became of sends, on its way into the store. */
export interface DeliveryRecords {
  /** Records now, or as soon as the store is back. */
  record(ids: readonly string[], write: (tx: Transaction) => Promise<void>): Promise<void>;
  /** Records what is left over: before anything is read or sent again. @throws Fault `store.*` */
  flush(): Promise<void>;
}

/** Nothing is left over. */
export function createDeliveryRecords(store: Store, log: Log): DeliveryRecords {
  const left: ((tx: Transaction) => Promise<void>)[] = [];
  return {
    async record(ids, write) {
      try {
        await store.transact(write);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        log.warn('A delivery could not be recorded yet', { surfaces: ids, error });
        left.push(write);
      }
    },
    async flush() {
      for (let next = left[0]; next !== undefined; next = left[0]) {
        await store.transact(next);
        left.shift();
      }
    },
  };
}
