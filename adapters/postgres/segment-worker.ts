import { parentPort, workerData } from 'node:worker_threads';
import { Fault } from '#core/fault.ts';
import { checkSegment, connectForAudit } from './check-segment.ts';
import type { FromSegmentWorker } from './segment-messages.ts';
import { toFault } from './to-fault.ts';
import { segmentRequest, urlOf } from './trust-boundary.ts';

// A thread of its own: hashing a million events would block everything else for seconds.
const client = connectForAudit(urlOf(workerData));
client.catch(() => {});

async function answer(message: unknown): Promise<FromSegmentWorker> {
  try {
    return {
      kind: 'segment',
      segment: await checkSegment(await client, segmentRequest(message)),
    };
  } catch (error) {
    const fault = toFault(error);
    if (!(fault instanceof Fault)) throw error;
    const { code, retryable } = fault;
    return { kind: 'fault', code, message: fault.message, retryable };
  }
}

parentPort?.on('message', async (message: unknown) => {
  parentPort?.postMessage(await answer(message));
});
