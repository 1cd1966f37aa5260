import type { QueryResult } from '#ports/database.ts';
import type { FromSegmentWorker, SegmentRequest } from './segment-messages.ts';

/**
 * The rows of a result as the statement is known to shape them. Both ends are ours: the statement
 * beside the call and the migrations; the contract suite runs every one of them.
 */
export function rowsOf<Row>(result: Pick<QueryResult, 'rows'>): readonly Row[] {
  return result.rows as unknown as readonly Row[];
}

/** What the thread that checks segments is told by the one that started it, and the other way round. */
export function segmentRequest(message: unknown): SegmentRequest {
  return message as SegmentRequest;
}

/** The thread's address of the database. */
export function urlOf(data: unknown): string {
  return String(data);
}

/** An answer of that thread. */
export function fromSegmentWorker(message: unknown): FromSegmentWorker {
  return message as FromSegmentWorker;
}
