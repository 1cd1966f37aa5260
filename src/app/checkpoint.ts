import type { Instant } from '#core/ids.ts';
import { sameBytes } from '#core/ledger/bytes.ts';
import { signCheckpoint, trustedCheckpoint } from '#core/ledger/checkpoint.ts';
import { rangeRoot } from '#core/ledger/compact-range.ts';
import type { Anchor } from '#ports/anchor.ts';
import type { Clock } from '#ports/clock.ts';
import type { History } from '#ports/history.ts';
import type { Log } from '#ports/log.ts';
import type { Signer } from '#ports/signer.ts';
import type { Trust } from './audit/trust.ts';
import type { Halt } from './halt.ts';

export interface CheckpointOptions {
  readonly history: History;
  readonly signer: Signer;
  readonly trust: Trust;
  readonly anchors: readonly Anchor[];
  readonly halt: Halt;
  readonly clock: Clock;
  readonly log: Log;
  /** A checkpoint is due after so many events; 1,000 unless told. */
  readonly everyEvents?: number;
  /** And after so long, when there is anything new; 5 minutes unless told. */
  readonly everyMs?: number;
}

/** Makes signed checkpoints, leaves them at the anchors, and halts when history contradicts them. */
export interface Checkpoints {
  /**
   * Compares the database with the newest checkpoint of each anchor: at boot and every hour. Halts
   * when the database has fewer events or another root. An anchor that cannot be read, or holds
   * what this installation did not sign, is logged: it proves nothing either way.
   */
  compare(): Promise<void>;
  /** Makes one now if there are new events: after each production effect. Null when there are none. */
  make(): Promise<string | null>;
  makeIfDue(): Promise<void>;
}

/** Sets up checkpoints; nothing is done until it is asked for. */
export function createCheckpoints(options: CheckpointOptions): Checkpoints {
  const { history, signer, trust, anchors, halt, clock, log } = options;
  const { everyEvents = 1000, everyMs = 300_000 } = options;
  let last: { readonly size: number; readonly root: Uint8Array; readonly at: Instant } | null =
    null;
  let making: Promise<string | null> | null = null;

  /** Halts unless the first `size` events still have this root. */
  async function stillHas(size: number, root: Uint8Array, who: string): Promise<boolean> {
    if (size === 0) return true;
    const then = await history.headAt(size);
    if (then !== null && sameBytes(rangeRoot(trust.digest, then), root)) return true;
    const what =
      then === null
        ? `the database has fewer than the ${size} events that ${who} knows: it was set back`
        : `the first ${size} events are not those that ${who} knows: history was rewritten`;
    halt.halt(`${what}.`);
    return false;
  }

  async function compareWith(anchor: Anchor): Promise<void> {
    const note = await newestOf(anchor, log);
    if (note === null) return;
    const known = [trust.key, ...trust.formerKeys]
      .map((key) => trustedCheckpoint(trust.digest, trust.verify, note, key))
      .find((checkpoint) => checkpoint !== null);
    if (known === undefined) {
      log.error('An anchor holds no checkpoint of this installation', { anchor: anchor.name });
      return;
    }
    await stillHas(known.size, known.root, `the anchor "${anchor.name}"`);
  }

  async function makeNow(): Promise<string | null> {
    if (halt.halted() !== null) return null;
    if (last !== null && !(await stillHas(last.size, last.root, 'this process'))) return null;
    const head = await history.head();
    if (head.size === (last?.size ?? 0)) return null;
    const root = rangeRoot(trust.digest, head);
    const said = { origin: trust.key.name, size: head.size, root };
    const note = signCheckpoint(trust.digest, said, signer.publicKey, signer.sign);
    await history.storeCheckpoint(head.size, note);
    last = { size: head.size, root, at: clock.now() };
    for (const anchor of anchors) await publishTo(anchor, note, log);
    return note;
  }

  function make(): Promise<string | null> {
    making ??= makeNow().finally(() => {
      making = null;
    });
    return making;
  }

  return {
    async compare() {
      for (const anchor of anchors) await compareWith(anchor);
    },
    make,
    async makeIfDue() {
      const { size } = await history.head();
      const due =
        size - (last?.size ?? 0) >= everyEvents || clock.now() - (last?.at ?? 0) >= everyMs;
      if (due) await make();
    },
  };
}

async function newestOf(anchor: Anchor, log: Log): Promise<string | null> {
  try {
    return await anchor.newest();
  } catch (error) {
    log.error('An anchor cannot be read', { anchor: anchor.name, error });
    return null;
  }
}

async function publishTo(anchor: Anchor, note: string, log: Log): Promise<void> {
  try {
    await anchor.publish(note);
  } catch (error) {
    log.error('A checkpoint could not be left at an anchor', { anchor: anchor.name, error });
  }
}
