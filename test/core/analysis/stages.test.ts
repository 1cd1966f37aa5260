import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '#core/analysis/index.ts';
import type { JudgeInput } from '#core/analysis/judge.ts';
import { seeded } from '#core/analysis/seeded.ts';
import { pricesOf } from '#core/analysis/stages.ts';
import { decodeLook, encodeLook, inputOf } from '#core/analysis/stored.ts';
import { errors, input, ratios, values } from './measured.ts';

const analysis = { source: 's', metrics: [errors] };

interface Stage {
  readonly intervals: number;
  /** Requests per interval. */
  readonly stable: number;
  readonly candidate: number;
  readonly rates: { readonly stable: number; readonly candidate: number };
}

type Pair = readonly [number, number];

/** Counts by chance, stage after stage, without a gap; `began` as the samples have it. */
function counted(stages: readonly Stage[], seed: number) {
  const draws = seeded(seed);
  const began: number[] = [];
  const pairs: { stable: Pair; candidate: Pair }[] = [];
  for (const { intervals, stable, candidate, rates } of stages) {
    began.push(pairs.length * 15_000);
    for (let i = 0; i < intervals; i++) {
      pairs.push({
        stable: [draws.binomial(stable, rates.stable), stable],
        candidate: [draws.binomial(candidate, rates.candidate), candidate],
      });
    }
  }
  return { began, pairs };
}

function at(
  pairs: readonly { readonly stable: Pair; readonly candidate: Pair }[],
  more: Partial<JudgeInput>,
): JudgeInput {
  const sides = {
    stable: ratios(pairs.map(({ stable }) => stable)),
    candidate: ratios(pairs.map(({ candidate }) => candidate)),
  };
  return input(analysis, { errors: sides }, more);
}

/** How a release of short stages ends, each judged at its last look alone or with those before. */
function ending(stages: readonly Stage[], seed: number, carried: boolean): string {
  const { began, pairs } = counted(stages, seed);
  for (let stage = 0; stage < stages.length; stage++) {
    const to = (began[stage + 1] ?? pairs.length * 15_000) / 15_000;
    const from = carried ? 0 : (began[stage] ?? 0) / 15_000;
    const { phase } = judge(
      at(pairs.slice(from, to), {
        looksBefore: (stages[stage]?.intervals ?? 1) - 1,
        last: true,
        ...(carried
          ? { stages: { began: began.slice(0, stage + 1), planned: stages.length } }
          : {}),
      }),
    );
    if (phase !== 'successful') return phase;
  }
  return 'successful';
}

function share(of: (seed: number) => boolean, times = 120): number {
  return Array.from({ length: times }, (_, seed) => of(seed)).filter(Boolean).length / times;
}

describe('short stages', () => {
  const short = (candidate: number, rate: number): Stage => ({
    intervals: 3,
    stable: 180 - candidate,
    candidate,
    rates: { stable: 0.005, candidate: rate },
  });
  const stages = (rate: number) => [36, 60, 90].map((candidate) => short(candidate, rate));

  test('a bad version gets through three of them less often when each counts on', () => {
    const through = (carried: boolean) =>
      share((seed) => ending(stages(0.03), seed, carried) === 'successful');
    expect(through(true)).toBeLessThan(through(false));
    expect(through(true)).toBeLessThan(0.03);
  });

  test('it is called worse on what all of them saw, and says so', () => {
    const worse = (last: number) =>
      share((seed) => {
        const { began, pairs } = counted(stages(0.12), seed);
        const until = began[last + 1] ?? pairs.length * 15_000;
        const seen = { began: began.slice(0, last + 1), planned: 3 };
        return judge(at(pairs.slice(0, until / 15_000), { stages: seen })).phase === 'failed';
      });
    expect(worse(0)).toBeLessThan(0.3);
    expect(worse(2)).toBeGreaterThan(0.8);
    const { began, pairs } = counted(stages(0.2), 5);
    const judged = judge(at(pairs, { last: true, stages: { began, planned: 3 } }));
    expect(judged.metrics[0]?.explanation).toMatch(/^over 3 stages: /);
    expect(judged.metrics[0]?.candidate.requests).toBe(558);
  });

  test('the same version mostly gets through', () => {
    expect(share((seed) => ending(stages(0.005), seed, true) === 'successful')).toBeGreaterThan(
      0.8,
    );
  });
});

describe('another share of the traffic', () => {
  const night: Stage = {
    intervals: 20,
    stable: 950,
    candidate: 50,
    rates: { stable: 0.002, candidate: 0.002 },
  };
  const day: Stage = {
    intervals: 20,
    stable: 500,
    candidate: 500,
    rates: { stable: 0.03, candidate: 0.03 },
  };

  test('is no difference, though the sums of the sides differ threefold', () => {
    const { began, pairs } = counted([night, day], 1);
    const sum = (side: 'stable' | 'candidate') => {
      let bad = 0;
      let total = 0;
      for (const pair of pairs) {
        bad += pair[side][0];
        total += pair[side][1];
      }
      return bad / total;
    };
    expect(sum('candidate') / sum('stable')).toBeGreaterThan(2);
    const blind = judge(at(pairs, {})).metrics[0];
    const told = judge(at(pairs, { stages: { began, planned: 2 } })).metrics[0];
    expect(told?.verdict).toBe('same');
    expect(Math.abs(told?.relative ?? 9)).toBeLessThan(0.2);
    expect(Math.abs(blind?.relative ?? 0)).toBeGreaterThan(0.5);
  });

  test('leaves the promise as it is: a look at every interval of both stages', () => {
    const alarms = share((seed) => {
      const { began, pairs } = counted([night, day, { ...day, intervals: 10 }], 1000 + seed);
      for (let look = 5; look <= pairs.length; look += 5) {
        const stages = { began: began.filter((from) => from < look * 15_000), planned: 3 };
        if (judge(at(pairs.slice(0, look), { stages })).phase === 'failed') return true;
      }
      return false;
    });
    expect(alarms).toBeLessThanOrEqual(0.02);
  });
});

describe('a defect that shows at a higher share only', () => {
  const stages = (rate: number): readonly Stage[] => [
    { intervals: 60, stable: 950, candidate: 50, rates: { stable: 0.005, candidate: 0.005 } },
    { intervals: 12, stable: 500, candidate: 500, rates: { stable: 0.005, candidate: rate } },
  ];

  test('is not hidden by what was fine before', () => {
    expect(share((seed) => ending(stages(0.03), seed, true) === 'failed', 40)).toBeGreaterThan(0.9);
  });

  test('is not clear where the stage at work alone looks worse', () => {
    const { began, pairs } = counted(stages(0.005).slice(0, 1), 3);
    const stage = Array.from({ length: 3 }, (_, i) => ({
      stable: [i === 1 ? 2 : 0, 100] as const,
      candidate: [i === 0 ? 6 : 3, 100] as const,
    }));
    const judged = judge(
      at([...pairs, ...stage], {
        last: true,
        looksBefore: 2,
        stages: { began: [...began, pairs.length * 15_000], planned: 2 },
      }),
    );
    expect(judged.metrics[0]?.verdict).toBe('unclear');
    expect([judged.phase, judged.action]).toEqual(['pending', 'extend']);
  });
});

test('a stage of which nothing was seen does not pass on what was seen before', () => {
  const stage = { intervals: 20, stable: 500, candidate: 100 };
  const { began, pairs } = counted([{ ...stage, rates: { stable: 0.01, candidate: 0.01 } }], 2);
  const judged = judge(
    at(pairs, {
      last: true,
      stages: { began: [...began, pairs.length * 15_000], planned: 2 },
    }),
  );
  expect(judged.metrics[0]?.verdict).toBe('unusable');
  expect(judged.action).toBe('pause');
});

test('values are compared over stages too', () => {
  const draws = seeded(3);
  const drawn = (level: number, times: number) =>
    Array.from({ length: times }, () => level * Math.exp(0.1 * draws.normal()));
  const latency = {
    name: 'latency',
    type: 'latency',
    unit: 'milliseconds',
    floor: { absolute: 5 },
  };
  const sides = {
    stable: values([...drawn(100, 8), ...drawn(300, 8), ...drawn(100, 8)]),
    candidate: values([...drawn(150, 8), ...drawn(450, 8), ...drawn(150, 8)]),
  };
  const { metrics } = judge(
    input(
      { source: 's', metrics: [latency] },
      { latency: sides },
      {
        stages: { began: [0, 120_000, 240_000], planned: 3 },
      },
    ),
  );
  expect(metrics[0]?.verdict).toBe('worse');
});

describe('what starts cost', () => {
  test('adds up to the promise for any number of stages', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), (planned) => {
        const { whole, stage } = pricesOf({ began: [0], planned });
        const spent = Math.exp(-whole) + (planned - 1) * Math.exp(-stage || 0) + 1 / 8;
        expect(planned === 1 ? Math.exp(-whole) + 1 / 8 : spent).toBeCloseTo(1, 12);
      }),
    );
  });

  test('does not change while the release goes on', () => {
    const prices = [[0], [0, 1], [0, 1, 2]].map((began) => pricesOf({ began, planned: 3 }));
    expect(new Set(prices.map((price) => JSON.stringify(price))).size).toBe(1);
  });
});

test('a stored look keeps its stages, so that it is judged again as it was', () => {
  const { began, pairs } = counted(
    [{ intervals: 12, stable: 400, candidate: 100, rates: { stable: 0.01, candidate: 0.06 } }],
    7,
  );
  const seen = at(pairs, { stages: { began: [...began, 90_000], planned: 3 } });
  const labels = {
    service: 's',
    environment: 'e',
    stable: null,
    candidate: { version: 'v', digest: 'd' },
    step: 3,
    at: 1,
  };
  const look = decodeLook(encodeLook([{ target: 'eu', input: seen }], labels));
  expect(look && judge(inputOf(look))).toEqual(judge(seen));
});
