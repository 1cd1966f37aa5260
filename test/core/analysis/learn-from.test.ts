import { describe, expect, test } from 'vitest';
import { evaluate } from '#core/analysis/evaluate.ts';
import type { JudgeInput } from '#core/analysis/judge.ts';
import { learnFrom } from '#core/analysis/learn-from.ts';
import { Analysis } from '#core/analysis/metric.ts';
import { decodeLook, encodeLook, type StoredLook } from '#core/analysis/stored.ts';
import { errors, fine, input, steadyRatio, wiggle } from './measured.ts';

const latency = { name: 'latency', type: 'latency' } as const;
const settings = { source: 's', metrics: [errors, latency] };
const readings = {
  errors: fine,
  latency: { stable: wiggle(100, 12), candidate: wiggle(100, 12, 1) },
};

function look(
  step: number,
  more: Partial<JudgeInput> = {},
  targets: readonly string[] = ['eu'],
): StoredLook {
  const asked = input(settings, readings, more);
  const text = encodeLook(
    targets.map((target) => ({ target, input: asked })),
    {
      service: 'shop',
      environment: 'production',
      stable: null,
      candidate: { version: 'v2', digest: 'sha256:b' },
      step,
      at: 180_000 * step,
    },
  );
  const read = decodeLook(text);
  if (read === null) throw new Error('not read');
  return read;
}

const now = Analysis.parse(settings);
const of = (looks: readonly StoredLook[], analysis = now) =>
  learnFrom(looks, analysis).map(({ metric, intervals }) => [metric, intervals]);

describe('what a release teaches', () => {
  test('is of events only, each watch counted once and each target for itself', () => {
    expect(of([look(1)])).toEqual([['errors', 12]]);
    expect(of([look(1), look(1), look(2)])).toEqual([['errors', 24]]);
    const stages = { began: [0, 90_000], planned: 2 };
    expect(of([look(1, { stages }), look(2, { stages })])).toEqual([['errors', 12]]);
    expect(of([look(1, {}, ['eu', 'us'])])).toEqual([['errors', 24]]);
  });

  test('comes on top of what was known when it began', () => {
    const learnt = learnFrom([look(1)], now);
    expect(of([look(1, { learnt })])).toEqual([['errors', 24]]);
  });

  test.each([
    ['asked for in another way', { metrics: [{ ...errors, query: { text: 'other' } }] }],
    ['held against another baseline', { baseline: 'fresh' }],
    ['in other intervals', { step: 30 }],
  ])('is nothing for a metric that is %s', (_, change) => {
    expect(of([look(1)], Analysis.parse({ ...settings, ...change }))).toEqual([]);
  });

  test('is nothing where the sides did not serve at the same time, nor does it count there', () => {
    const began = { stable: 0, candidate: 0 };
    expect(of([look(1, { began })])).toEqual([]);
    const variations = [1, 2].map(() => ({ observed: 100, expected: 100 }));
    const learnt = [{ metric: 'errors', intervals: 1200, variations }];
    const [metric] = now.metrics;
    if (metric === undefined) throw new Error('no metric');
    const longer = { stable: steadyRatio(4, 800, 30), candidate: steadyRatio(2, 200, 30) };
    const found = (more: object) => evaluate(metric, longer, { analysis: now, ...more });
    const evidence = (more: object) => {
      const evaluation = found(more);
      return evaluation.kind === 'compared' ? evaluation.compared.comparison.evidence.up : null;
    };
    expect(evidence({ learnt })).not.toBe(evidence({}));
    expect(evidence({ learnt, began })).toBe(evidence({ began }));
  });
});
