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
/** More deliveries than this in one batch are a burst, which is over when nothing came for so long. */
const burstSize = 8;
const calmMs = 25;
/** How long other work lets a burst pass before its own turn has come. */
const patienceMs = 500;

/** Takes deliveries in. */
export interface Intake {
  /**
   * Stores one delivery durably.
   * @throws Fault of the store: then nothing of the delivery is stored
   */
  receive(inbound: Inbound): Promise<Received>;
  /** Lets those who wait to be acknowledged go first, for half a second at most. */
  letPass(): Promise<void>;
}

/**
 * Stores deliveries durably, many with one commit: those that arrive in one turn of the loop, and
 * then all that arrive while a commit is under way. What is stored is bounded and storable.
 */
export function createIntake(store: Store): Intake {
  const waiting: Waiting[] = [];
  let batch: Promise<void> | null = null;
  /** When the present burst is over unless more comes; in the time of `performance.now`. */
  let calmAt = 0;

  function receive(inbound: Inbound): Promise<Received> {
    return new Promise((resolve, reject) => {
      waiting.push({ inbound: storable(inbound), resolve, reject });
      batch ??= turnOfLoop().then(storeNext);
      if (performance.now() < calmAt) calmAt = performance.now() + calmMs;
    });
  }

  async function storeNext(): Promise<void> {
    const deliveries = waiting.splice(0, largestBatch);
    await storeBatch(deliveries);
    if (deliveries.length > burstSize) calmAt = performance.now() + calmMs;
    batch = waiting.length === 0 ? null : storeNext();
  }

  async function letPass(): Promise<void> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const now = performance.now();
      if (now >= deadline || (batch === null && now >= calmAt)) return;
      await (batch ?? pause(calmAt - now));
    }
  }

  async function storeBatch(deliveries: readonly Waiting[]): Promise<void> {
    try {
      const inbounds = deliveries.map((one) => one.inbound);
      const received = await store.transact((tx) => tx.receive(inbounds));
      for (const [index, one] of deliveries.entries()) settle(one, received[index]);
    } catch (error) {
      if (deliveries.length === 1 || (error instanceof Fault && error.retryable)) {
        for (const one of deliveries) one.reject(error);
        return;
      }
      // One delivery that cannot be stored must not keep its neighbours out.
      await Promise.all(deliveries.map((one) => storeBatch([one])));
    }
  }

  return { receive, letPass };
}

/** Resolves when everything that this turn of the loop brings has been taken in. */
function turnOfLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
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
