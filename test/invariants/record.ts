import { verifyHistory } from '#app/audit/verify.ts';
import { readRolloutEvent } from '#app/rollout/trust-boundary.ts';
import type { Storage } from '#boot/storage.ts';
import { newSigner } from '../app/audit/auditor-kit.ts';
import type { History, HistoryEvent, HistoryMessage } from './history.ts';

/**
 * What a run has left in its database: the ledger, the console's chat, and what the audit says.
 * Checkpoints are signed by a key that only the run knows: where there are any, give what its own
 * audit said.
 */
export async function recordHistory(
  { store, history }: Storage,
  outside: Omit<History, 'events' | 'messages' | 'audit'> & { readonly audit?: History['audit'] },
): Promise<History> {
  const events: HistoryEvent[] = [];
  const messages: HistoryMessage[] = [];
  await store.transact(async (tx) => {
    await pages(
      (after) => tx.events({ streamPrefix: 'rollout:', afterSeq: after, limit: 1000 }),
      ({ seq, at, stream, version, body }) => {
        const rollout = stream.slice('rollout:'.length);
        events.push({ seq, at, rollout, version, event: readRolloutEvent(body) });
        return seq;
      },
    );
    const latest = new Map<number, HistoryMessage>();
    await pages(
      (after) => tx.consoleChanges(after, 1000),
      ({ id, key, view, change }) => {
        latest.set(id, { key, text: JSON.stringify(view) });
        return change;
      },
    );
    messages.push(...latest.values());
  });
  return {
    ...outside,
    events,
    messages,
    audit: outside.audit ?? (await verdictOn(history)),
    written: [
      ...outside.written,
      ...events.map(({ event }) => JSON.stringify(event)),
      ...messages.map(({ text }) => text),
    ],
  };
}

async function verdictOn(history: Storage['history']): Promise<History['audit']> {
  const report = await verifyHistory({ history, anchors: [], trust: newSigner().trust });
  return report.verdict;
}

/** Reads all pages; `take` gives back the place in the order from which the next page goes on. */
async function pages<Item>(
  read: (after: number) => Promise<readonly Item[]>,
  take: (item: Item) => number,
): Promise<void> {
  let after = 0;
  for (;;) {
    const page = await read(after);
    for (const item of page) after = take(item);
    if (page.length === 0) return;
  }
}
