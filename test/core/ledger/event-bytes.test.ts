import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from '#core/canonical.ts';
import { eventText, StoredEvent } from '#core/ledger/event-bytes.ts';
import { signalbox } from '#core/people.ts';
import { anyText } from '../../any-text.ts';

it('puts the pieces of an event together to its canonical JSON', () => {
  fc.assert(
    fc.property(
      anyText,
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.nat(),
      fc.integer({ min: 1 }),
      (name, members, at, seq) => {
        const actor = { ...signalbox, displayName: name };
        const body = { ...members, kind: `${name}.made` };
        const event = { stream: `rollout:${name}`, version: 3, actor, body };
        const text = eventText(event, at, seq);
        expect(text).toBe(canonicalJson({ ...event, at, seq, kind: body.kind, format: 1 }));
        expect(StoredEvent.parse(JSON.parse(text))).toMatchObject({ seq, at, version: 3 });
      },
    ),
  );
});
