import { createAuditor } from '#core/ledger/auditor.ts';
import type { Anchor } from '#ports/anchor.ts';
import type { History } from '#ports/history.ts';
import type { SegmentSource } from '#ports/segment-source.ts';
import { type AuditReport, reportOf } from './report.ts';
import { type FoundCheckpoint, type Trust, vouchedTrees } from './trust.ts';
import { verifySegments } from './verify-segments.ts';

/**
 * Checks the whole stored history against itself, against the checkpoints kept beside it, and
 * against the anchors outside. With `segments` it is checked in pieces, several at a time; in
 * order, from the first event to the last, when there are none or when anything is wrong.
 * @throws when the database or an anchor cannot be read: then nothing is known.
 */
export async function verifyHistory(options: {
  readonly history: History;
  readonly anchors: readonly Anchor[];
  readonly trust: Trust;
  readonly segments?: SegmentSource;
}): Promise<AuditReport> {
  const { history, anchors, trust, segments } = options;
  const checkpoints = await checkpointsOf(history, anchors);
  const { vouched, untrusted } = vouchedTrees(trust, checkpoints);
  const { size } = await history.head();
  if (segments !== undefined && untrusted.length === 0) {
    const { digest } = trust;
    const sound = await verifySegments({ source: segments, size, digest, vouched });
    if (sound !== null) return reportOf(sound, checkpoints.length);
  }
  const auditor = createAuditor(trust.digest, vouched);
  for (const finding of untrusted) auditor.note(finding);
  for await (const batch of history.entries(1, size)) {
    for (const entry of batch) auditor.add(entry);
  }
  return reportOf(auditor.finish(), checkpoints.length);
}

async function checkpointsOf(
  history: History,
  anchors: readonly Anchor[],
): Promise<readonly FoundCheckpoint[]> {
  const found: FoundCheckpoint[] = [];
  for (const note of await history.checkpoints(100_000)) found.push({ from: 'the database', note });
  for (const anchor of anchors) {
    const note = await anchor.newest();
    if (note !== null) found.push({ from: anchor.name, note });
  }
  return found;
}
