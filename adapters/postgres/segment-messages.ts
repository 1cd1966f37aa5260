import type { FaultCode } from '#core/fault.ts';
import type { Segment } from '#core/ledger/segment.ts';

/** What a thread is asked to check. */
export interface SegmentRequest {
  readonly from: number;
  readonly to: number;
  /** Sizes of checkpoints in between. */
  readonly sizes: readonly number[];
}

/** What it answers, in the order of the requests. */
export type FromSegmentWorker =
  | { readonly kind: 'segment'; readonly segment: Segment | null }
  | {
      readonly kind: 'fault';
      readonly code: FaultCode;
      readonly message: string;
      readonly retryable: boolean;
    };
