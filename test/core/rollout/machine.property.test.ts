import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signalbox } from '#core/people.ts';
import {
  absorbBack,
  absorbGates,
  absorbJudgement,
  absorbOutage,
  absorbStatus,
} from '#core/rollout/absorb.ts';
import type { RolloutCommand } from '#core/rollout/command.ts';
import { decide } from '#core/rollout/decide.ts';
import type { GateOutcome, RolloutEvent } from '#core/rollout/events.ts';
import { next } from '#core/rollout/next.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import { raisesExposure } from '#core/step.ts';
import type { TargetChange } from '#core/target-state.ts';
import { ada, after, artifact, grace, judgement, planned, status } from './sample.ts';

/**
 * A small world beside the machine: it applies the changes that are asked of it, and chance decides
 * how fast, how healthy and who presses what.
 */
interface Chance {
  readonly command: RolloutCommand['kind'] | 'none';
  readonly gate: 'pass' | 'hold' | 'block';
  readonly world: 'ready' | 'slow' | 'crash' | 'outage';
  readonly verdict: 'go_on' | 'extend' | 'pause' | 'roll_back' | 'abort_now';
  readonly seconds: number;
}

const chance: fc.Arbitrary<Chance> = fc.record({
  command: fc.oneof(
    { weight: 12, arbitrary: fc.constant('none' as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom<RolloutCommand['kind']>(
        'approve',
        'deny',
        'revoke',
        'advance',
        'pause',
        'resume',
        'abort',
        'stop-rollback',
        'override',
      ),
    },
  ),
  gate: fc.oneof(
    { weight: 6, arbitrary: fc.constant('pass' as const) },
    { weight: 1, arbitrary: fc.constantFrom('hold' as const, 'block' as const) },
  ),
  world: fc.oneof(
    { weight: 8, arbitrary: fc.constant('ready' as const) },
    { weight: 2, arbitrary: fc.constantFrom('slow' as const, 'crash' as const, 'outage' as const) },
  ),
  verdict: fc.oneof(
    { weight: 8, arbitrary: fc.constant('go_on' as const) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'extend' as const,
        'pause' as const,
        'roll_back' as const,
        'abort_now' as const,
      ),
    },
  ),
  seconds: fc.constantFrom(1, 15, 60, 700),
});

interface World {
  stable: string;
  candidate: string | null;
  weight: number;
}

function apply(world: World, change: TargetChange): void {
  if (change.kind === 'prepare') world.candidate = change.artifact.version;
  if (change.kind === 'shift') world.weight = change.weight;
  if (change.kind === 'promote' && world.candidate !== null) {
    world.stable = world.candidate;
    world.candidate = null;
    world.weight = 0;
  }
  if (change.kind === 'replace') world.stable = change.artifact.version;
  if (change.kind === 'retire') {
    world.candidate = null;
    world.weight = 0;
  }
}

function see(world: World, crash: boolean) {
  return status({
    stable: { artifact: artifact(world.stable), wanted: 3, ready: 3 },
    candidate:
      world.candidate === null
        ? null
        : { artifact: artifact(world.candidate), wanted: 1, ready: 1 },
    weight: world.weight,
    problems: crash ? [{ code: 'crash_loop', text: 'exit 1' }] : [],
  });
}

function outcome(verdict: 'pass' | 'hold' | 'block'): GateOutcome {
  return { gate: 'approval', verdict, reason: verdict, next: '', evidence: [], until: null };
}

function commandOf(kind: RolloutCommand['kind'], state: RolloutState): RolloutCommand {
  switch (kind) {
    case 'approve':
      return {
        kind,
        by: grace,
        hash: state.planHash,
        role: 'approver',
        method: 'chat',
        comment: '',
        evidence: [],
        expiresAt: 9e15,
      };
    case 'deny':
      return { kind, by: grace, hash: state.planHash, comment: '' };
    case 'abort':
      return { kind, by: grace, cause: { kind: 'person', detail: 'asked' } };
    case 'advance':
      return { kind, by: ada, reason: '', toStep: null };
    case 'review':
      return { kind, by: grace, comment: '' };
    case 'override':
      return { kind, by: ada, reason: 'because', evidence: [] };
    case 'stamp':
      return {
        kind,
        by: signalbox,
        alert: 'alertmanager-1#1',
        name: 'HighErrorRate',
        severity: 'critical',
        startsAt: 0,
        effect: state.step % 2 === 0 ? 'pause' : 'roll-back',
      };
    case 'unstamp':
      return { kind, by: signalbox, alert: 'alertmanager-1#1', because: 'it is over' };
    default:
      return { kind, by: ada, reason: 'because' };
  }
}

/** One round: maybe a person, then the machine's own work. Returns what was recorded. */
function round(
  state: RolloutState,
  world: World,
  now: number,
  dice: Chance,
): readonly RolloutEvent[] {
  if (dice.command !== 'none') {
    const decided = decide(state, commandOf(dice.command, state), now);
    return decided.ok ? decided.value : [];
  }
  const work = next(state, now);
  switch (work.kind) {
    case 'wait':
      return [];
    case 'record':
      return work.events;
    case 'plan':
      return [{ kind: 'plan.made', plan: planned().plan ?? fail(), hash: 'h1' }];
    case 'gates':
      return absorbGates(state, work, [outcome(dice.gate)]);
    case 'converge':
      if (dice.world === 'outage') {
        return now >= work.deadlineAt ? absorbOutage(state, work.step, 'out of reach') : [];
      }
      if (dice.world === 'ready') apply(world, work.change);
      return absorbStatus(state, work, see(world, dice.world === 'crash'), now);
    case 'look':
      return absorbJudgement(
        state,
        work,
        judgement(dice.verdict),
        { id: 's', hash: 'x', classes: ['ok'] },
        now,
      );
    case 'back': {
      const { events, ask } = absorbBack(state, work, see(world, false), now);
      if (ask !== null && dice.world === 'ready') apply(world, ask);
      return events;
    }
    case 'settle':
      return [{ kind: 'rollout.succeeded', artifact: state.artifact }];
  }
}

function fail(): never {
  throw new Error('no plan');
}

/** The steps begun that give the new artifact more. */
function raising(state: RolloutState, events: readonly RolloutEvent[]): readonly number[] {
  return events.flatMap((event) => {
    const step = event.kind === 'step.started' ? state.plan?.steps[event.step] : undefined;
    return step !== undefined && event.kind === 'step.started' && raisesExposure(step)
      ? [event.step]
      : [];
  });
}

interface Moment {
  readonly before: RolloutState;
  readonly events: readonly RolloutEvent[];
  readonly after: RolloutState;
}

function play(dices: readonly Chance[]): {
  readonly moments: readonly Moment[];
  readonly end: RolloutState;
  readonly world: World;
  readonly now: number;
} {
  let state = planned();
  let now = 1_000_000;
  const world: World = { stable: 'v1', candidate: null, weight: 0 };
  const moments: Moment[] = [];
  for (const dice of dices) {
    now += dice.seconds * 1000;
    const events = round(state, world, now, dice);
    const before = state;
    if (events.length > 0) state = after(state, now, ...events);
    moments.push({ before, events, after: state });
  }
  return { moments, end: state, world, now };
}

const plays = fc.array(chance, { minLength: 1, maxLength: 120 });
const runs = { numRuns: 400 };

describe('the rollout machine under random events', () => {
  it('never raises the weight after Worse, unless a person stopped the rollback', () => {
    fc.assert(
      fc.property(plays, (dices) => {
        for (const { before, events } of play(dices).moments) {
          if (!before.condemned) continue;
          const freed = events.some(
            ({ kind }) => kind === 'rollback.stopped' || kind === 'rollout.resumed',
          );
          expect(freed ? [] : raising(before, events)).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('begins no step that raises exposure without open gates just before', () => {
    fc.assert(
      fc.property(plays, (dices) => {
        for (const { before, events } of play(dices).moments) {
          events.forEach((event) => {
            if (event.kind !== 'step.started') return;
            const step = before.plan?.steps[event.step];
            if (step === undefined || !raisesExposure(step)) return;
            const asked = events.find(({ kind }) => kind === 'gates.evaluated');
            expect(
              asked?.kind === 'gates.evaluated' &&
                asked.outcomes.every(({ verdict }) => verdict === 'pass'),
            ).toBe(true);
          });
        }
      }),
      runs,
    );
  });

  it('leaves a terminal state never, and refuses every command there', () => {
    fc.assert(
      fc.property(plays, (dices) => {
        const { moments, end, now } = play(dices);
        for (const { before, after: state } of moments) {
          if (ended(before.phase)) expect(state.phase).toBe(before.phase);
        }
        if (!ended(end.phase)) return;
        expect(next(end, now)).toEqual({ kind: 'wait', until: null });
        for (const kind of ['approve', 'abort', 'resume', 'pause', 'advance'] as const) {
          expect(decide(end, commandOf(kind, end), now).ok).toBe(false);
        }
      }),
      runs,
    );
  });

  it('ends, or stands with a typed reason, once chance turns kind', () => {
    const kind: Chance = {
      command: 'none',
      gate: 'pass',
      world: 'ready',
      verdict: 'go_on',
      seconds: 15,
    };
    fc.assert(
      fc.property(plays, (dices) => {
        const { end, world } = play([...dices, ...Array.from({ length: 80 }, () => kind)]);
        if (end.phase === 'paused') expect(end.pause?.reason).toBeTypeOf('string');
        else if (end.phase === 'stuck') expect(end.stuck).not.toBe('');
        else expect(ended(end.phase)).toBe(true);
        if (end.phase === 'succeeded')
          expect(world).toEqual({ stable: 'v2', candidate: null, weight: 0 });
        if (end.phase === 'rolled_back')
          expect(world).toEqual({ stable: 'v1', candidate: null, weight: 0 });
      }),
      runs,
    );
  });

  it('succeeds only when every step was done or skipped by a person', () => {
    fc.assert(
      fc.property(plays, (dices) => {
        const { end } = play(dices);
        if (end.phase !== 'succeeded') return;
        expect(end.steps.every(({ state }) => state === 'done' || state === 'skipped')).toBe(true);
      }),
      runs,
    );
  });
});
