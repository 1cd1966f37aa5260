import { describe, expect, it } from 'vitest';
import { type DesiredState, decideDesired, firstState } from '#core/desired-state.ts';
import type { Artifact } from '#core/release.ts';
import type { TargetChange } from '#core/target-state.ts';

const v1 = artifact('v1');
const v2 = artifact('v2');
const v3 = artifact('v3');
const stamp = { rollout: 'shop-1', planHash: 'p', step: 1, fence: 5 };

describe('what a target should run after a change', () => {
  const canary = having(firstState(v1), { kind: 'prepare', artifact: v2, capacityPercent: 50 });
  const shifted = having(canary, { kind: 'shift', weight: 25 });
  const promoted = having(shifted, { kind: 'promote' });
  const cases: readonly [string, DesiredState, TargetChange, Partial<DesiredState>][] = [
    [
      'a candidate has no traffic at first',
      firstState(v1),
      { kind: 'prepare', artifact: v2, capacityPercent: 50 },
      { stable: v1, candidate: { artifact: v2, capacityPercent: 50 }, weight: 0 },
    ],
    [
      'a newer candidate takes the place of the former, without its traffic',
      shifted,
      { kind: 'prepare', artifact: v3, capacityPercent: 50 },
      { stable: v1, candidate: { artifact: v3, capacityPercent: 50 }, weight: 0 },
    ],
    ['traffic shifts', canary, { kind: 'shift', weight: 25 }, { weight: 25 }],
    [
      'the former stable is the way back',
      shifted,
      { kind: 'promote' },
      { stable: v2, candidate: { artifact: v1, capacityPercent: 100 }, weight: 0 },
    ],
    ['the way back is retired', promoted, { kind: 'retire' }, { stable: v2, candidate: null }],
    [
      'an aborted candidate is retired with its traffic',
      shifted,
      { kind: 'retire' },
      { stable: v1, candidate: null, weight: 0 },
    ],
    ['stable is replaced in place', shifted, { kind: 'replace', artifact: v3 }, { stable: v3 }],
    [
      'a candidate that replaces stable joins it',
      shifted,
      { kind: 'replace', artifact: v2 },
      { stable: v2, candidate: null, weight: 0 },
    ],
    [
      'the first release has no way back',
      having(firstState(null), { kind: 'prepare', artifact: v1, capacityPercent: 100 }),
      { kind: 'promote' },
      { stable: v1, candidate: null },
    ],
    [
      'a job is remembered with its bits',
      canary,
      { kind: 'run', job: 'migrate', artifact: v2 },
      { jobs: { migrate: v2 } },
    ],
  ];
  it.each(cases)('%s, and asking again changes nothing', (_name, before, change, expected) => {
    const state = having(before, change);
    expect(state).toMatchObject(expected);
    expect(decideDesired(state, change, stamp)).toEqual({ kind: 'keep' });
  });

  it('does not promote the way back when a promotion is asked again by a newer claim', () => {
    const again = decideDesired(promoted, { kind: 'promote' }, { ...stamp, fence: 6 });
    expect(again).toMatchObject({ kind: 'write', desired: { stable: v2, stamp: { fence: 6 } } });
  });

  it('goes back over a promotion when a later step asks for it', () => {
    const back = having(having(promoted, { kind: 'shift', weight: 100 }), { kind: 'promote' });
    expect(back).toMatchObject({ stable: v1, candidate: { artifact: v2 }, weight: 0 });
  });

  it('forgets jobs with the rollout that asked for them', () => {
    const ran = having(canary, { kind: 'run', job: 'migrate', artifact: v2 });
    const next = decideDesired(ran, { kind: 'restore' }, { ...stamp, rollout: 'shop-2' });
    expect(next).toMatchObject({ kind: 'write', desired: { jobs: {} } });
  });
});

describe('what a target refuses', () => {
  const canary = having(firstState(v1), { kind: 'prepare', artifact: v2, capacityPercent: 50 });
  const taken = having(canary, { kind: 'restore' }, { ...stamp, rollout: 'shop-2', fence: 1 });
  it.each([
    ['a lower fence of the same rollout', canary, { ...stamp, fence: 4 }],
    ['an overtaken rollout, whatever its fence', taken, { ...stamp, fence: 99 }],
  ])('%s', (_name, state, late) => {
    expect(decideDesired(state, { kind: 'retire' }, late).kind).toBe('fenced');
  });
  it.each<TargetChange>([{ kind: 'promote' }, { kind: 'shift', weight: 1 }])(
    '$kind without a candidate',
    (change) => {
      expect(decideDesired(firstState(v1), change, stamp).kind).toBe('rejected');
    },
  );
});

function having(state: DesiredState, change: TargetChange, by = stamp): DesiredState {
  const decision = decideDesired(state, change, by);
  if (decision.kind !== 'write') throw new Error(`expected a write, got ${decision.kind}`);
  return decision.desired;
}

function artifact(version: string): Artifact {
  return { service: 'shop', version, digest: `sha256:${version.slice(1).repeat(64)}` };
}
