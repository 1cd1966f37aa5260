import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rate, Urgency } from '#core/delivery/bucket.ts';
import type { Candidate } from '#core/delivery/candidate.ts';
import { freshDelivery } from '#core/delivery/delivery-state.ts';
import { planSends, type Round } from '#core/delivery/plan-sends.ts';
import { candidate } from './a-candidate.ts';

const round: Round = { now: 0, room: 100, urgentRoom: 8, posting: new Set() };
const ids = (candidates: readonly Candidate[]) => candidates.map(({ surface }) => surface.id);

describe('planning sends', () => {
  it('puts answers to people before news, news before phases, phases before ticks', () => {
    const lanes = [3, 1, 0, 2] as const;
    const plan = planSends(
      freshDelivery,
      lanes.map((urgency) => candidate(`u${urgency}`, { urgency })),
      round,
    );
    expect(ids(plan.sends)).toEqual(['u0', 'u1', 'u2', 'u3']);
  });

  it('leaves what needs nothing and what has no thread yet', () => {
    const plan = planSends(
      freshDelivery,
      [
        candidate('same', {}, { call: { kind: 'nothing' } }),
        candidate('early', {}, { call: { kind: 'wait' } }),
      ],
      round,
    );
    expect(plan.sends).toEqual([]);
    expect(plan.wakeAt).toBeNull();
  });

  it('says when the next can go', () => {
    const rates = [{ scope: 's', capacity: 1, perSecond: 0.5 }];
    const both = ['a', 'b'].map((id) => candidate(id, {}, { rates }));
    const plan = planSends(freshDelivery, both, round);
    expect(ids(plan.sends)).toEqual(['a']);
    expect(plan.wakeAt).toBe(2000);
  });

  it('keeps the order of a thread: one post of it at a time', () => {
    const notes = [1, 2].map((at) => candidate(`n${at}`, { parent: 'card', desiredAt: at }));
    expect(ids(planSends(freshDelivery, notes, round).sends)).toEqual(['n1']);
    const busy = { ...round, posting: new Set(['card']) };
    expect(planSends(freshDelivery, notes, busy).sends).toEqual([]);
  });

  it('keeps room for the urgent when everything is under way', () => {
    const all = [candidate('tick', { urgency: 3 }), candidate('news', { urgency: 1 })];
    const plan = planSends(freshDelivery, all, { ...round, room: 0, urgentRoom: 1 });
    expect(ids(plan.sends)).toEqual(['news']);
  });

  it('never draws more from a bucket than it holds, whatever is wanted', () => {
    const scopes: readonly Rate[] = [
      { scope: 'all', capacity: 6, perSecond: 2 },
      { scope: 'x', capacity: 1, perSecond: 1 },
      { scope: 'y', capacity: 3, perSecond: 1 },
    ];
    const wish = fc.record({
      urgency: fc.constantFrom<Urgency>(0, 1, 2, 3),
      scopes: fc.subarray([0, 1, 2], { minLength: 1 }),
      edit: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3000), fc.array(wish, { maxLength: 12 })), { maxLength: 12 }),
        (steps) => {
          let state = freshDelivery;
          let now = 0;
          const drawn: string[] = [];
          for (const [pass, wishes] of steps) {
            now += pass;
            const all = wishes.map((one, index) => wanted(one, `${now}-${index}`, now));
            const plan = planSends(state, all, { ...round, now });
            state = plan.state;
            drawn.push(...plan.sends.flatMap(({ rates }) => rates.map(({ scope }) => scope)));
            drawn.push(...plan.digests.map(() => 'all'));
            expectWithin(drawn, now);
          }
        },
      ),
    );

    function wanted(
      one: { urgency: Urgency; scopes: readonly number[]; edit: boolean },
      id: string,
      now: number,
    ): Candidate {
      return candidate(
        id,
        { urgency: one.urgency, desiredAt: now },
        {
          rates: one.scopes.flatMap((which) => scopes[which] ?? []),
          channelRates: scopes.slice(0, 1),
          ...(one.edit ? { call: { kind: 'edit', message: { channel: place, message: id } } } : {}),
        },
      );
    }

    function expectWithin(drawn: readonly string[], now: number): void {
      for (const { scope, capacity, perSecond } of scopes) {
        const most = capacity + (now / 1000) * perSecond + 1e-6;
        expect(drawn.filter((one) => one === scope).length).toBeLessThanOrEqual(most);
      }
    }
  });
});

const place = { platform: 'p', tenant: 't', channel: 'c', thread: null };
