import type { Digest } from '#core/canonical.ts';
import type { AuditSummary, VouchedTree } from '#core/ledger/auditor.ts';
import { joinSegments } from '#core/ledger/join-segments.ts';
import { type Segment, segmentSize } from '#core/ledger/segment.ts';
import type { SegmentSource } from '#ports/segment-source.ts';

/**
 * Checks a history of this size by segments, several at a time. Null as soon as anything is not as
 * it should be: then the auditor goes through it in order and says what.
 */
export async function verifySegments(options: {
  readonly source: SegmentSource;
  readonly size: number;
  readonly digest: Digest;
  readonly vouched: readonly VouchedTree[];
}): Promise<AuditSummary | null> {
  const { source, size, digest, vouched } = options;
  const join = joinSegments(digest, vouched);
  const waiting: Promise<Segment | null>[] = [];
  let next = 1;

  function startOne(): void {
    const from = next;
    const to = Math.min(size, from + segmentSize - 1);
    const sizes = vouched.map((tree) => tree.size).filter((one) => one >= from && one <= to);
    const check = source.check(from, to, sizes);
    check.catch(() => {});
    waiting.push(check);
    next = to + 1;
  }

  while (waiting.length > 0 || next <= size) {
    while (waiting.length < source.atATime && next <= size) startOne();
    const segment = await waiting.shift();
    if (segment === undefined || segment === null || !join.add(segment)) return null;
  }
  return join.finish();
}
