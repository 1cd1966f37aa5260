import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type InstanceAction,
  type InstanceView,
  planInstances,
} from '#adapters/sandbox/plan-instances.ts';
import type { Side } from '#adapters/sandbox/side.ts';

describe('what the supervisor does to reach what is wished', () => {
  const start = (side: Side, digest: string) => ({ kind: 'start', side, digest }) as const;
  const stop = (id: number) => ({ kind: 'stop', id }) as const;
  const cases: readonly [string, Wished, readonly InstanceView[], readonly InstanceAction[]][] = [
    [
      'starts all of a new side at once',
      wished('a:2'),
      [],
      [start('stable', 'a'), start('stable', 'a')],
    ],
    ['does nothing when all is well', wished('a:2'), [stable(1, 'a'), stable(2, 'a')], []],
    [
      'ends a side that is not wished any more',
      wished('a:1'),
      [stable(1, 'a'), candidate(2, 'b')],
      [stop(2)],
    ],
    [
      'ends what is not ready before what is, and the newest first',
      wished('a:1'),
      [stable(1, 'a'), stable(2, 'a'), stable(3, 'a', false)],
      [stop(3), stop(2)],
    ],
    [
      'replaces stable with one more at first',
      wished('b:2'),
      [stable(1, 'a'), stable(2, 'a')],
      [start('stable', 'b')],
    ],
    [
      'ends no old one before a new one is ready',
      wished('b:2'),
      [stable(1, 'a'), stable(2, 'a'), stable(3, 'b', false)],
      [],
    ],
    [
      'ends an old one for each new one that is ready',
      wished('b:2'),
      [stable(1, 'a'), stable(2, 'a'), stable(3, 'b')],
      [stop(1)],
    ],
    [
      'replaces a candidate without care: it has no traffic',
      wished('a:1', 'c:1'),
      [stable(1, 'a'), candidate(2, 'b')],
      [start('candidate', 'c'), stop(2)],
    ],
    [
      'swaps the sides at a promotion, and adds what is missing',
      wished('b:2', 'a:2'),
      [stable(1, 'a'), stable(2, 'a'), candidate(3, 'b')],
      [
        { kind: 'relabel', id: 1, side: 'candidate' },
        { kind: 'relabel', id: 2, side: 'candidate' },
        { kind: 'relabel', id: 3, side: 'stable' },
        start('stable', 'b'),
      ],
    ],
    [
      'lets a candidate that replaces stable join it',
      wished('b:1'),
      [stable(1, 'a'), candidate(2, 'b')],
      [{ kind: 'relabel', id: 2, side: 'stable' }, stop(1)],
    ],
    [
      'keeps the sides apart when both run the same bits',
      wished('a:1', 'a:1'),
      [stable(1, 'a'), candidate(2, 'a')],
      [],
    ],
  ];
  it.each(cases)('%s', (_name, wishes, instances, expected) => {
    expect(planInstances(wishes, instances)).toEqual(expected);
  });

  it('never has fewer ready than it had, up to what is wished, and arrives', () => {
    const digest = fc.constantFrom('a', 'b', 'c');
    const wish = fc.record({ digest, wanted: fc.integer({ min: 1, max: 4 }) });
    const view = fc.record({ digest, ready: fc.boolean() });
    fc.assert(
      fc.property(fc.array(view, { maxLength: 6 }), wish, (views, stableWish) => {
        const wishes = { stable: stableWish, candidate: null, baseline: null };
        let world: readonly InstanceView[] = views.map((it, index) => ({
          ...it,
          id: index + 1,
          side: stableSide,
        }));
        for (let round = 0; round < 40; round += 1) {
          const before = world.filter((it) => it.ready).length;
          const next = enact(world, planInstances(wishes, world), round);
          const after = next.filter((it) => it.ready).length;
          expect(after).toBeGreaterThanOrEqual(Math.min(before, stableWish.wanted));
          world = next.map((it) => ({ ...it, ready: true }));
        }
        expect(world.map((it) => it.digest)).toEqual(
          Array.from({ length: stableWish.wanted }, () => stableWish.digest),
        );
      }),
    );
  });
});

const stableSide: Side = 'stable';

type Wished = Parameters<typeof planInstances>[0];

function wished(stableText: string, candidateText?: string): Wished {
  const parse = (text: string) => {
    const [digest = '', wanted = ''] = text.split(':');
    return { digest, wanted: Number(wanted) };
  };
  return {
    stable: parse(stableText),
    candidate: candidateText === undefined ? null : parse(candidateText),
    baseline: null,
  };
}

function stable(id: number, digest: string, ready = true): InstanceView {
  return { id, side: 'stable', digest, ready };
}

function candidate(id: number, digest: string, ready = true): InstanceView {
  return { id, side: 'candidate', digest, ready };
}

function enact(
  world: readonly InstanceView[],
  actions: readonly InstanceAction[],
  round: number,
): readonly InstanceView[] {
  const stopped = actions.flatMap((it) => (it.kind === 'stop' ? [it.id] : []));
  const started = actions.flatMap((it, index) =>
    it.kind === 'start'
      ? [{ id: 100 * (round + 1) + index, side: it.side, digest: it.digest, ready: false }]
      : [],
  );
  return [...world.filter(({ id }) => !stopped.includes(id)), ...started];
}
