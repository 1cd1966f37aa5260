import { describe, expect, it } from 'vitest';
import { createAuditor } from '#core/ledger/auditor.ts';
import { chainStart, createHasher } from '#core/ledger/hashes.ts';
import { joinSegments } from '#core/ledger/join-segments.ts';
import type { LabelledBytes } from '#core/ledger/labels.ts';
import { createSegmentCheck, type Segment, segmentSize } from '#core/ledger/segment.ts';
import { digest } from '../../app/audit/auditor-kit.ts';

const size = segmentSize * 2 + 77;
const checkpoints = [1, 100, segmentSize, segmentSize + 5, segmentSize * 2, size];

/** A history of streams of three events each. */
function eventAt(seq: number): LabelledBytes {
  const [stream, version] = [`rollout:shop-${Math.ceil(seq / 3)}`, ((seq - 1) % 3) + 1];
  const said = { at: 1000 + seq, kind: 'step.noted', seq, stream, version };
  const text = `{"actor":{},"at":${said.at},"body":{"kind":"step.noted"},"format":1,"kind":"step.noted","seq":${seq},"stream":"${stream}","version":${version}}`;
  return { ...said, bytes: new TextEncoder().encode(text) };
}

const hasher = createHasher(digest);

/** What the auditor makes of the same events, and its roots at the sizes of the checkpoints. */
const audited = (() => {
  const auditor = createAuditor(digest, []);
  const roots = new Map<number, Uint8Array>();
  let chain = chainStart;
  const before = new Map<number, Uint8Array>();
  for (let seq = 1; seq <= size; seq += 1) {
    const event = eventAt(seq);
    const leafHash = hasher.leaf(event.bytes);
    before.set(seq, chain);
    auditor.add({ ...event, prevHash: chain, leafHash, nodeHash: null });
    chain = hasher.chain(chain, leafHash);
    if (checkpoints.includes(seq)) roots.set(seq, auditor.finish().root);
  }
  const vouched = checkpoints.map((at) => ({ size: at, root: roots.get(at) ?? chainStart }));
  return { summary: auditor.finish(), vouched, before };
})();

/** The roots that end full segments, as they are stored with their last events. */
const endNodes: (Uint8Array | null)[] = [];

function segmentFrom(from: number, change: (event: LabelledBytes) => LabelledBytes = (e) => e) {
  const before = audited.before.get(from) ?? chainStart;
  const check = createSegmentCheck(digest, from, before, new Set(checkpoints));
  const to = Math.min(size, from + segmentSize - 1);
  for (let seq = from; seq <= to; seq += 1) {
    if (check.add(change(eventAt(seq))) === null) return null;
  }
  const index = (from - 1) / segmentSize;
  return check.finish(to - from + 1 === segmentSize ? (endNodes[index] ?? null) : null);
}

const drafts = [1, segmentSize + 1, segmentSize * 2 + 1].map((from) => segmentFrom(from));
const [first, second] = drafts.map((draft) => draft?.frontier[0] ?? chainStart);
endNodes.push(first ?? null, hasher.node(first ?? chainStart, second ?? chainStart));
const segments = drafts
  .filter((draft) => draft !== null)
  .map((draft, index): Segment => ({ ...draft, endNode: endNodes[index] ?? null }));

function joined(parts: readonly Segment[], vouched = audited.vouched) {
  const join = joinSegments(digest, vouched);
  return parts.every((part) => join.add(part)) ? join.finish() : null;
}

describe('segments', () => {
  it('come to what the auditor comes to', () => {
    expect(segments).toHaveLength(3);
    const { root, chain } = audited.summary;
    const agreed = checkpoints.length;
    expect(joined(segments)).toEqual({ size, root, chain, findings: [], found: 0, agreed });
    expect(joined([], [])).toMatchObject({
      size: 0,
      root: createAuditor(digest, []).finish().root,
    });
  });

  const other = new Uint8Array(32).fill(7);
  const later = new Map([['rollout:x', [2, 2] as const]]);
  it.each<[string, (a: Segment, b: Segment, c: Segment) => readonly Segment[]]>([
    ['in another order', (a, b, c) => [b, a, c]],
    ['without one', (a, _, c) => [a, c]],
    ['after a short one', (a, b, c) => [a, c, b]],
    ['with another chain', (a, b, c) => [a, { ...b, before: other }, c]],
    ['with a time that falls', (a, b, c) => [a, { ...b, firstAt: 5 }, c]],
    ['with another end', (a, b, c) => [a, { ...b, endNode: other }, c]],
    ['without an end', (a, b, c) => [{ ...a, endNode: null }, b, c]],
    ['with a version too many', (a, b, c) => [a, { ...b, versions: later }, c]],
  ])('are not joined %s', (_, spoil) => {
    const [a, b, c] = segments;
    if (a === undefined || b === undefined || c === undefined) throw new Error('There are three');
    expect(joined(spoil(a, b, c))).toBeNull();
  });

  it('do not agree with a checkpoint of another history', () => {
    expect(joined(segments, [{ size: 100, root: other }])).toBeNull();
    expect(joined(segments, [{ size: size + 1, root: other }])).toBeNull();
  });

  const at = segmentSize * 2 + 9;
  it.each<[string, Partial<LabelledBytes>]>([
    ['another number', { seq: at + 1 }],
    ['an earlier time', { at: 3 }],
    ['another label', { kind: 'step.done' }],
    ['another version', { version: 9 }],
    ['another stream', { stream: 'rollout:pay-1' }],
  ])('are unsound with %s', (_, change) => {
    const changed = (event: LabelledBytes) => (event.seq === at ? { ...event, ...change } : event);
    expect(segmentFrom(segmentSize * 2 + 1)).not.toBeNull();
    expect(segmentFrom(segmentSize * 2 + 1, changed)).toBeNull();
  });
});
