import { describe, expect, test } from 'vitest';
import { exchanged } from '#core/analysis/aa-samples.ts';
import { calibrateTrueRuns } from '#core/analysis/calibration.ts';
import { Analysis } from '#core/analysis/metric.ts';
import type { Reading } from '#core/analysis/reading.ts';
import {
  decodeLook,
  encodeLook,
  inputOf,
  lookByTarget,
  type StoredLook,
  targetInputs,
} from '#core/analysis/stored.ts';
import { bad, errors, fine, input, ok, values } from './measured.ts';

const labels = {
  service: 'shop',
  environment: 'production',
  stable: { version: 'v1', digest: 'sha256:a' },
  candidate: { version: 'v2', digest: 'sha256:b' },
  step: 3,
  at: 180_000,
};

function stored(readings: typeof fine, digest = 'sha256:b'): StoredLook {
  const asked = input({ source: 's', metrics: [errors] }, { errors: readings });
  const text = encodeLook([{ target: 'eu', input: asked }], {
    ...labels,
    candidate: { version: 'v2', digest },
  });
  const look = decodeLook(text);
  if (look === null) throw new Error('not read');
  return look;
}

describe('a stored look', () => {
  test('gives back what the judge was given', () => {
    const asked = input(
      { source: 's', metrics: [errors] },
      { errors: bad },
      { extended: 1, began: { stable: 0, candidate: 5 } },
    );
    const look = decodeLook(encodeLook([{ target: 'eu', input: asked }], labels));
    expect(look).toMatchObject({ version: 1, ...labels });
    expect(look && inputOf(look)).toEqual(asked);
    expect(look).not.toHaveProperty('target');
  });

  test('at several targets gives each of them back, together and apart', () => {
    const of = (readings: typeof fine, blindLooks: number) =>
      input(
        { source: 's', metrics: [errors] },
        { errors: readings },
        { blindLooks, exposure: { weight: 0.1, spentBefore: 0 } },
      );
    const sides = [
      { target: 'eu', input: of(fine, 0) },
      { target: 'us', input: of(bad, 2) },
    ];
    const look = decodeLook(encodeLook(sides, labels));
    if (look === null) throw new Error('not read');
    expect(targetInputs(look)).toEqual(sides);
    expect(lookByTarget(look).map((one) => [one.target, inputOf(one)])).toEqual(
      sides.map(({ target, input: asked }) => [target, asked]),
    );
  });

  test('says nothing of a target by what another one has', () => {
    const of = (readings: typeof fine, own: object) =>
      input({ source: 's', metrics: [errors] }, { errors: readings }, own);
    const sides = [
      {
        target: 'eu',
        input: of(fine, {
          stages: { began: [0, 60_000], planned: 2 },
          began: { stable: 0, candidate: 5 },
          exposure: { weight: 0.1, spentBefore: 0.2 },
        }),
      },
      { target: 'us', input: of(bad, {}) },
    ];
    const look = decodeLook(encodeLook(sides, labels));
    if (look === null) throw new Error('not read');
    expect(targetInputs(look)).toEqual(sides);
    const apart = lookByTarget(look);
    expect(apart.map(inputOf)).toEqual(sides.map(({ input: asked }) => asked));
    expect(apart[1]).not.toHaveProperty('stages');
  });

  test.each(['', '{', 'null', '{"version":2}', '{"format":1,"readings":[]}'])(
    '%j is none',
    (text) => {
      expect(decodeLook(text)).toBeNull();
    },
  );
});

describe('exchanged sides', () => {
  const sums = (reading: Reading) => {
    let events = 0;
    let traffic = 0;
    for (const sample of reading.samples) {
      if (sample.kind === 'ratio') {
        events += sample.bad;
        traffic += sample.total;
      } else if (sample.kind === 'histogram') {
        for (const count of sample.counts) traffic += count;
        events += sample.counts.at(-1) ?? 0;
      }
    }
    return { events, traffic };
  };

  test('keep the traffic of each side and the errors of both together', () => {
    const dealt = exchanged(bad, 7);
    expect(sums(dealt.candidate).traffic).toBe(sums(bad.candidate).traffic);
    expect(sums(dealt.stable).traffic).toBe(sums(bad.stable).traffic);
    expect(sums(dealt.stable).events + sums(dealt.candidate).events).toBe(
      sums(bad.stable).events + sums(bad.candidate).events,
    );
    expect(exchanged(bad, 7)).toEqual(dealt);
    expect(exchanged(bad, 8)).not.toEqual(dealt);
  });

  test('lose the difference that was there', () => {
    const rate = Array.from({ length: 40 }, (_, seed) => {
      const { events, traffic } = sums(exchanged(bad, seed).candidate);
      return events / traffic;
    });
    const mean = rate.reduce((sum, one) => sum + one, 0) / rate.length;
    expect(mean).toBeCloseTo((12 * 4 + 12 * 20) / (12 * 1000), 2);
  });

  test('hold the same buckets and the same values', () => {
    const upper = [1, 2, null];
    const side = (...counts: number[]) => ok([{ kind: 'histogram', at: 1, upper, counts }]);
    const dealt = exchanged({ stable: side(50, 30, 20), candidate: side(1, 2, 7) }, 3);
    expect(sums(dealt.candidate).traffic).toBe(10);
    expect(sums(dealt.stable).events + sums(dealt.candidate).events).toBe(27);
    const swapped = exchanged(
      { stable: values([1, 2, 3, 4, 5, 6, 7, 8]), candidate: values([9, 9, 9, 9, 9, 9, 9, 9]) },
      2,
    );
    const all = [...swapped.stable.samples, ...swapped.candidate.samples];
    expect(all.filter((sample) => sample.kind === 'value' && sample.value === 9)).toHaveLength(8);
  });
});

test('true runs of one version are counted as they were seen', () => {
  const same = 'sha256:a';
  const measured = calibrateTrueRuns([[stored(fine, same)], [stored(bad, same)], [stored(bad)]]);
  expect(measured).toMatchObject({
    trials: 2,
    falseAlarms: 1,
    promised: Analysis.parse({ source: 's', metrics: [errors] }).alpha,
  });
});
