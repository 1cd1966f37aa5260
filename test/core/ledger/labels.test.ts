import { describe, expect, it } from 'vitest';
import { eventText } from '#core/ledger/event-bytes.ts';
import { isLabelled } from '#core/ledger/labels.ts';
import { signalbox } from '#core/people.ts';

const tricky = { ...signalbox, displayName: ',"at":7,"body":{' };

describe('the columns beside the bytes', () => {
  it.each([
    ['plain names', 'rollout:shop-1', 'step.noted'],
    ['names that JSON escapes', 'rollout:"shop"\\1\n', 'step.\u0000'],
    ['names that take several bytes', 'rollout:größe-😀', 'schritt.geändert'],
  ])('are believed with %s, and nothing else is', (_, stream, kind) => {
    const labels = { seq: 12, at: 1000, stream, version: 3, kind };
    const body = { kind, ...{ nested: { at: 5, body: {} } } };
    const bytes = Buffer.from(eventText({ stream, version: 3, actor: tricky, body }, 1000, 12));
    expect(isLabelled({ ...labels, bytes })).toBe(true);
    for (const wrong of [
      { seq: 1 },
      { seq: 112 },
      { at: 100 },
      { at: 5 },
      { at: 7 },
      { stream: `${stream}1` },
      { stream: stream.slice(1) },
      { stream: JSON.stringify(`${stream}"`).slice(1, -1) },
      ...(JSON.stringify(stream) === `"${stream}"`
        ? []
        : [{ stream: JSON.stringify(stream).slice(1, -1) }]),
      { version: 33 },
      { kind: `${kind}x` },
      { bytes: bytes.subarray(0, bytes.length - 1) },
      { bytes: new Uint8Array(0) },
    ]) {
      expect(isLabelled({ ...labels, bytes, ...wrong }), JSON.stringify(wrong)).toBe(false);
    }
  });
});
