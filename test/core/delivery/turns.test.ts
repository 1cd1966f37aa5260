import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noTurns, takeTurns } from '#core/delivery/turns.ts';

interface Item {
  readonly flow: string;
  readonly cost: number;
  readonly order: number;
}

const of = { flow: (item: Item) => item.flow, cost: (item: Item) => item.cost };

function items(flow: string, count: number, cost = 1): readonly Item[] {
  return Array.from({ length: count }, (_, order) => ({ flow, cost, order }));
}

describe('deficit round-robin', () => {
  it('serves flows in turn, however much one of them wants', () => {
    const served: string[] = [];
    const all = [...items('noisy', 100), ...items('a', 2), ...items('b', 2)];
    takeTurns(all, noTurns, of, (item) => {
      if (served.length >= 6) return false;
      served.push(item.flow);
      return true;
    });
    expect(served.toSorted()).toEqual(['a', 'a', 'b', 'b', 'noisy', 'noisy']);
  });

  it('goes on after the flow that was served last', () => {
    let room = 1;
    const served: string[] = [];
    const serve = (item: Item): boolean => {
      if (room === 0) return false;
      room -= 1;
      served.push(item.flow);
      return true;
    };
    let turns = noTurns;
    for (let round = 0; round < 6; round += 1) {
      room = 1;
      turns = takeTurns([...items('a', 9), ...items('b', 9), ...items('c', 9)], turns, of, serve);
    }
    expect(served).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('lets dear items wait for the credit that they cost', () => {
    const served: string[] = [];
    takeTurns([...items('dear', 2, 3), ...items('cheap', 6, 1)], noTurns, of, (item) => {
      served.push(item.flow);
      return true;
    });
    expect(served.indexOf('dear')).toBe(3);
  });

  it('serves every item at most once, in order within its flow, and ends', () => {
    const item = fc.record({
      flow: fc.constantFrom('a', 'b', 'c', 'd'),
      cost: fc.integer({ min: 1, max: 3 }),
      order: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 40 }), fc.nat(40), (all, room) => {
        const numbered = all.map((one, order) => ({ ...one, order }));
        const served: Item[] = [];
        const turns = takeTurns(numbered, noTurns, of, (one) => {
          if (served.length >= room) return false;
          served.push(one);
          return true;
        });
        expect(served.length).toBe(Math.min(room, all.length));
        expect(new Set(served).size).toBe(served.length);
        for (const flow of ['a', 'b', 'c', 'd']) {
          const orders = served.filter((one) => one.flow === flow).map(({ order }) => order);
          expect(orders).toEqual(orders.toSorted((x, y) => x - y));
        }
        for (const credit of turns.credit.values()) expect(credit).toBeLessThanOrEqual(3);
      }),
    );
  });
});
