import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wakeId, wakeOf } from '#adapters/bullmq/wake-id.ts';

const wakes = fc.record({
  topic: fc.constantFrom('rollout', 'inbox', 'deliver', 'timer'),
  subject: fc.string({ unit: 'grapheme' }),
  attempt: fc.string({ unit: 'grapheme' }),
});

it('is a job id that BullMQ takes and that holds the whole wake', () => {
  expect(wakeId({ topic: 'rollout', subject: 'shop-1', attempt: '7' })).toBe('rollout:shop-1:7');
  fc.assert(
    fc.property(wakes, (wake) => {
      const id = wakeId(wake);
      expect(id.split(':')).toHaveLength(3);
      expect(wakeOf(id)).toEqual(wake);
    }),
  );
});

it('is different for different wakes', () => {
  fc.assert(
    fc.property(wakes, wakes, (one, two) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(two));
      expect(wakeId(one)).not.toBe(wakeId(two));
    }),
  );
});

it.each([undefined, '', 'rollout', 'rollout:a', 'rollout:a:b:c', 'other:a:1', 'rollout:%zz:1'])(
  'does not read a foreign job id: %s',
  (id) => {
    expect(wakeOf(id)).toBeNull();
  },
);
