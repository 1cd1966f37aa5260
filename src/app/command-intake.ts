import { Fault } from '#core/fault.ts';
import { longestText } from '#core/grammar/clean-text.ts';
import type { Inbound } from '#ports/gateway.ts';
import type { Store } from '#ports/store.ts';

/** What the inbox said about one delivery. */
export interface Received {
  readonly id: number;
  readonly fresh: boolean;
}

interface Waiting {
  readonly inbound: Inbound;
  readonly resolve: (received: Received) => void;
  readonly reject: (error: unknown) => void;
}

/** Deliveries stored by one statement at most. */
const largestBatch = 250;

/**
 * Stores deliveries durably, many with one commit: those that arrive in one turn of the loop, and
 * then all that arrive while a commit is under way. What is stored is bounded and storable.
 * @throws Fault of the store: then nothing of the delivery is stored
 */
export function createIntake(store: Store): (inbound: Inbound) => Promise<Received> {
  const waiting: Waiting[] = [];
  let busy = false;

  function receive(inbound: Inbound): Promise<Received> {
    return new Promise((resolve, reject) => {
      waiting.push({ inbound: storable(inbound), resolve, reject });
      if (busy) return;
      busy = true;
      setImmediate(() => {
        void drain();
      });
    });
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) await storeBatch(waiting.splice(0, largestBatch));
    busy = false;
  }

  async function storeBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      const inbounds = batch.map((one) => one.inbound);
      const received = await store.transact((tx) => tx.receive(inbounds));
      for (const [index, one] of batch.entries()) settle(one, received[index]);
    } catch (error) {
      if (batch.length === 1 || (error instanceof Fault && error.retryable)) {
        for (const one of batch) one.reject(error);
        return;
      }
      // One delivery that cannot be stored must not keep its neighbours out.
      await Promise.all(batch.map((one) => storeBatch([one])));
    }
  }

  return receive;
}

function settle(one: Waiting, received: Received | undefined): void {
  if (received === undefined) one.reject(new Error('The inbox answered for too few deliveries'));
  else one.resolve(received);
}

/** Cuts what is too long (it is refused later, and needs no more room) and what no database keeps. */
function storable(inbound: Inbound): Inbound {
  const { content } = inbound;
  return {
    ...inbound,
    displayName: plain(inbound.displayName, 200),
    content:
      content.kind === 'command'
        ? { kind: 'command', text: plain(content.text, longestText + 1) }
        : {
            kind: 'action',
            token: plain(content.token, 65),
            input: content.input === null ? null : plain(content.input, longestText + 1),
          },
  };
}

function plain(text: string, longest: number): string {
  return text.slice(0, longest).toWellFormed().replaceAll('\0', '\ufffd');
}
