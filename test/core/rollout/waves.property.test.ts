import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FailurePolicy } from '#core/failure-policy.ts';
import { makePlan } from '#core/planning.ts';
import type { Artifact } from '#core/release.ts';
import { absorbBack, absorbGates, absorbJudgement, absorbStatus } from '#core/rollout/absorb.ts';
import { decide } from '#core/rollout/decide.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { next } from '#core/rollout/next.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import type { TargetChange } from '#core/target-state.ts';
import { after, artifact, grace, judgement, planInput, requestedEvent, status } from './sample.ts';

/** Chance lays out the waves, what each target ran, and where and how the release fails. */
const releases = fc.record({
  waves: fc.array(
    fc.array(fc.constantFrom<Artifact>(artifact('v0'), artifact('v1')), {
      minLength: 1,
      maxLength: 3,
    }),
    { minLength: 2, maxLength: 4 },
  ),
  onFailure: fc.constantFrom<FailurePolicy>('stop', 'wave', 'all'),
  /** Work that changes or looks, from the first to the last of the plan. */
  failsAt: fc.nat({ max: 60 }),
  jobs: fc.boolean(),
});
type Release = typeof releases extends fc.Arbitrary<infer Value> ? Value : never;

interface Side {
  stable: Artifact;
  candidate: Artifact | null;
  weight: number;
}

function layout({ waves }: Release): readonly (readonly string[])[] {
  return waves.map((wave, at) => wave.map((_, index) => `w${at}-${index}`));
}

function planOf(release: Release) {
  const waves = layout(release);
  const base = planInput();
  const jobs = release.jobs
    ? (['before', 'after'] as const).map((when) => ({
        name: when,
        when,
        direction: 'reversible' as const,
      }))
    : [];
  const made = makePlan({
    ...base,
    place: {
      ...base.place,
      waves,
      strategy: 'waves',
      serviceSettings: { ...base.place.serviceSettings, jobs },
    },
    strategy: {
      kind: 'waves',
      options: { first: [{ weight: 10 }], soak: 60, onFailure: release.onFailure },
    },
    targets: waves.flatMap((wave, at) =>
      wave.map((target, index) => ({
        target,
        adapter: 'sandbox',
        identity: target,
        stable: release.waves[at]?.[index] ?? null,
        wave: at,
      })),
    ),
  });
  if (!made.ok) throw new Error(made.refusal.message);
  return made.value;
}

function apply(side: Side, change: TargetChange): void {
  if (change.kind === 'prepare') side.candidate = change.artifact;
  if (change.kind === 'shift') side.weight = change.weight;
  if (change.kind === 'replace') side.stable = change.artifact;
  if (change.kind === 'promote' && side.candidate !== null) {
    side.stable = side.candidate;
    side.candidate = null;
    side.weight = 0;
  }
  if (change.kind === 'retire') {
    side.candidate = null;
    side.weight = 0;
  }
}

function play(release: Release) {
  const plan = planOf(release);
  const world = new Map<string, Side>();
  for (const { target, stable } of plan.targets) {
    if (stable === null) throw new Error('Something ran everywhere');
    world.set(target, { stable, candidate: null, weight: 0 });
  }
  const made: RolloutEvent = { kind: 'plan.made', plan, hash: 'h1' };
  let state: RolloutState = after(null, 1_000_000, requestedEvent(), made);
  let now = 1_000_000;
  let works = 0;
  let failedIn: number | null = null;
  const back: string[] = [];

  const sideOf = (target: string): Side => {
    const side = world.get(target);
    if (side === undefined) throw new Error(`${target} is not in the plan`);
    return side;
  };
  const see = (target: string, crash: boolean) => {
    const { stable, candidate, weight } = sideOf(target);
    return status({
      identity: target,
      stable: { artifact: stable, wanted: 3, ready: 3 },
      candidate: candidate === null ? null : { artifact: candidate, wanted: 3, ready: 3 },
      weight,
      jobs: { before: 'succeeded', after: 'succeeded' },
      problems: crash ? [{ code: 'crash_loop', text: 'exit 1' }] : [],
    });
  };

  /** Whether the work at hand is the one that fails. */
  function fails(step: number, can = true): boolean {
    const hit = works === release.failsAt && can;
    works += 1;
    if (hit) failedIn = plan.steps[step]?.wave ?? null;
    return hit;
  }

  function take(): readonly RolloutEvent[] {
    const work = next(state, now);
    switch (work.kind) {
      case 'wait':
        return [];
      case 'record':
        return work.events;
      case 'gates':
        return absorbGates(state, work, []);
      case 'converge': {
        const crash = fails(work.step, work.change.kind !== 'retire');
        if (!crash) apply(sideOf(work.target), work.change);
        return absorbStatus(state, work, see(work.target, crash), now);
      }
      case 'look': {
        const told = judgement(fails(work.step) ? 'roll_back' : 'go_on');
        return absorbJudgement(state, work, told, { id: 's', hash: 'x', classes: ['ok'] }, now);
      }
      case 'back': {
        if (back.at(-1) !== work.target) back.push(work.target);
        const { events, ask } = absorbBack(state, work, see(work.target, false), now);
        if (ask !== null) apply(sideOf(work.target), ask);
        return events;
      }
      case 'settle':
        return [{ kind: 'rollout.succeeded', artifact: state.artifact }];
      case 'plan':
        throw new Error('There is a plan');
    }
  }

  function run(): void {
    for (let turn = 0; turn < 600 && !ended(state.phase); turn += 1) {
      const events = take();
      // Where only time is waited for, time goes on.
      now += events.length === 0 ? 15_000 : 100;
      if (events.length > 0) state = after(state, now, ...events);
      if (state.phase === 'paused') return;
    }
  }

  run();
  return {
    plan,
    world,
    back,
    state: () => state,
    failedIn: () => failedIn,
    runs: (target: string) => sideOf(target).stable.version,
    abort() {
      const cause = { kind: 'person', detail: 'asked' } as const;
      const decided = decide(state, { kind: 'abort', by: grace, cause }, now);
      if (!decided.ok) throw new Error(decided.refusal.message);
      state = after(state, now, ...decided.value);
      run();
    },
  };
}

it('takes back what the plan says, each target to what it ran, the last one first', () => {
  fc.assert(
    fc.property(releases, (release) => {
      const played = play(release);
      const { plan, world, back } = played;
      const failed = played.failedIn();
      const before = new Map(plan.targets.map(({ target, stable }) => [target, stable?.version]));
      const waveOf = new Map(plan.targets.map(({ target, wave }) => [target, wave]));
      const former = (target: string): string => before.get(target) ?? '';
      expect(plan.onFailure).toBe(release.onFailure);

      if (failed === null) {
        expect(played.state().phase).toBe('succeeded');
        for (const target of world.keys()) expect(played.runs(target)).toBe('v2');
        return;
      }
      const reached = [...world.keys()].filter((target) => (waveOf.get(target) ?? 0) <= failed);
      if (release.onFailure === 'stop') {
        expect(played.state()).toMatchObject({ phase: 'paused', abort: null });
        expect(back).toEqual([]);
        played.abort();
      }
      const end = played.state();
      expect(end.phase).toBe('rolled_back');
      const keeps = (target: string): boolean =>
        release.onFailure === 'wave' && (waveOf.get(target) ?? 0) < failed;
      for (const [target, { candidate, weight }] of world) {
        expect([target, played.runs(target)]).toEqual([
          target,
          keeps(target) ? 'v2' : former(target),
        ]);
        expect([candidate, weight]).toEqual([null, 0]);
      }
      expect(back).toEqual(
        reached
          .filter((target) => !keeps(target))
          .reverse()
          .filter((target) => back.includes(target)),
      );
      // Waves that it never came to were not even asked.
      expect(back.every((target) => (waveOf.get(target) ?? 0) <= failed)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it('says in the end which targets keep the new release', () => {
  const release: Release = {
    waves: [[artifact('v1')], [artifact('v1'), artifact('v1')]],
    onFailure: 'wave',
    failsAt: 0,
    jobs: false,
  };
  const kept = new Set<string>();
  for (let failsAt = 0; failsAt < 40; failsAt += 1) {
    const played = play({ ...release, failsAt });
    const end = next({ ...played.state(), phase: 'aborting' }, 2_000_000_000);
    if (end.kind !== 'record' || played.state().phase !== 'rolled_back') continue;
    kept.add(JSON.stringify(end.events.flatMap((event) => ('kept' in event ? event.kept : []))));
  }
  expect([...kept]).toEqual(['[]', '["w0-0"]']);
});
