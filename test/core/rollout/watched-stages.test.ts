import { describe, expect, test } from 'vitest';
import { Analysis } from '#core/analysis/metric.ts';
import { makePlan } from '#core/planning.ts';
import { next } from '#core/rollout/next.ts';
import type { RolloutState, StepRun } from '#core/rollout/state.ts';
import { watchedStages } from '#core/rollout/watched-stages.ts';
import { planInput, planned } from './sample.ts';

const analysis = Analysis.parse({ source: 's', metrics: [{ name: 'errors', type: 'ratio' }] });

const made = makePlan(
  planInput({
    analysis,
    strategy: {
      kind: 'canary',
      options: {
        stages: [
          { weight: 5, for: 45 },
          { weight: 20, for: 45 },
          { weight: 50, for: 45 },
        ],
      },
    },
  }),
);
const plan = made.ok ? made.value : null;
const watched = (plan?.steps ?? []).flatMap(({ kind }, index) =>
  kind === 'analyse' ? [index] : [],
);

const began = [1_000_000, 1_100_000, 1_200_000];

/** The three analyses of the plan as run, the last at work. */
function runs(over: Readonly<Record<number, Partial<StepRun>>> = {}): readonly StepRun[] {
  return (plan?.steps ?? []).map((_, index): StepRun => {
    const stage = watched.indexOf(index);
    const startedAt = began[stage] ?? 900_000;
    const run = { state: 'done', attempt: 1, startedAt, finishedAt: startedAt + 45_000, note: '' };
    return { ...run, state: stage === 2 ? 'running' : 'done', ...over[stage] };
  });
}

const work = {
  step: watched[2] ?? -1,
  from: began[2] ?? 0,
  to: (began[2] ?? 0) + 15_000,
  everySeconds: 15,
};

describe('stages that are judged as one', () => {
  test('are those of the same target and analysis that passed', () => {
    expect(watched).toHaveLength(3);
    expect(watchedStages({ plan, steps: runs() }, work, analysis)).toEqual({ began, planned: 3 });
  });

  test.each([
    { name: 'the one at work was looked at anew', over: { 2: { attempt: 2 } }, left: [1_200_000] },
    { name: 'one before was', over: { 1: { attempt: 2 } }, left: [1_100_000, 1_200_000] },
    { name: 'one was skipped', over: { 0: { state: 'skipped' } }, left: [1_100_000, 1_200_000] },
    { name: 'one never began', over: { 1: { startedAt: null } }, left: [1_200_000] },
    {
      name: 'one is too long ago',
      over: { 0: { startedAt: 1 } },
      left: [1_100_000, 1_200_000],
      to: 61_050_000,
    },
  ] as const)('begin later where $name', ({ over, left, ...more }) => {
    const late = 'to' in more ? { ...work, to: more.to } : work;
    expect(watchedStages({ plan, steps: runs(over) }, late, analysis)?.began).toEqual(left);
  });

  test.each([{ profile: 'netflix-aca' }, { profile: 'argo' }, { baseline: 'previous' }] as const)(
    'are none with %o',
    (other) => {
      expect(watchedStages({ plan, steps: runs() }, work, { ...analysis, ...other })).toBeNull();
    },
  );
});

test('a stage of more looks than are kept comes to its end', () => {
  const seconds = 960 * 15;
  const state: RolloutState = planned();
  const step = watched[0] ?? -1;
  const steps = (plan?.steps ?? []).map((one, index) =>
    index === step && one.kind === 'analyse' ? { ...one, seconds } : one,
  );
  const judgement = { phase: 'running', action: 'go_on', metrics: [], summary: '' } as const;
  const looks = Array.from({ length: 200 }, (_, i) => ({
    step,
    at: 1_000_000 + (759 + i) * 15_000,
    judgement: { ...judgement, metrics: [], look: 760 + i },
  }));
  const long: RolloutState = {
    ...state,
    phase: 'progressing',
    plan: plan && { ...plan, steps },
    step,
    steps: runs({ 0: { state: 'running' } }),
    looks,
  };
  const soon = next(long, 1_000_000 + 960 * 15_000 - 1);
  expect(soon.kind).toBe('wait');
  expect(next(long, 1_000_000 + 960 * 15_000)).toMatchObject({
    kind: 'look',
    looksBefore: 959,
    last: true,
    extra: 0,
  });
});

test('looks that nobody made are not made up for in a rush', () => {
  const step = watched[0] ?? -1;
  const steps = (plan?.steps ?? []).map((one, index) =>
    index === step && one.kind === 'analyse' ? { ...one, seconds: 60, everySeconds: 1 } : one,
  );
  const judgement = { phase: 'running', action: 'go_on', metrics: [], summary: '' } as const;
  const at = (look: number, second: number) => ({
    step,
    at: 1_000_000 + second * 1000,
    judgement: { ...judgement, metrics: [], look },
  });
  const after = (...looks: readonly ReturnType<typeof at>[]): RolloutState => ({
    ...planned(),
    phase: 'progressing',
    plan: plan && { ...plan, steps },
    step,
    steps: runs({ 0: { state: 'running' } }),
    looks,
  });
  const kindAt = (state: RolloutState, second: number) =>
    next(state, 1_000_000 + second * 1000).kind;
  // The process was away from the 2nd second to the 30th: the first look is due at once.
  const back = after(at(1, 1), at(2, 2));
  expect(kindAt(back, 30)).toBe('look');
  const went = after(at(1, 1), at(2, 2), at(3, 30));
  expect(kindAt(went, 30.9)).toBe('wait');
  expect(kindAt(went, 31)).toBe('look');
  // A look that was a little late changes nothing in the beat.
  const late = after(at(1, 1), at(2, 2.4));
  expect(kindAt(late, 2.9)).toBe('wait');
  expect(kindAt(late, 3)).toBe('look');
});
