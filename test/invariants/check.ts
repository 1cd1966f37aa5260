import type { RolloutEvent } from '#core/rollout/events.ts';
import { byRollout, type History, type Invariant, type Violation, wayBack } from './history.ts';
import { approved, fenced, once, recorded } from './of-effects.ts';
import { alone, backToKnown, paths, settled } from './of-rollouts.ts';
import { cautious, discreet, durable, told } from './of-words.ts';

const rules = [
  approved,
  once,
  alone,
  fenced,
  paths,
  settled,
  recorded,
  told,
  discreet,
  backToKnown,
  durable,
  cautious,
];

/** What a recorded history breaks of I1 to I12; empty when everything holds. Pure. */
export function checkHistory(history: History): readonly Violation[] {
  return rules.flatMap((rule) => rule(history));
}

/** How much there was to check for each: an invariant without facts holds for want of trying. */
export function factsIn(history: History): Readonly<Record<Invariant, number>> {
  const { events, effects, messages, answers, outages, secrets, written } = history;
  const rollouts = byRollout(history).size;
  const forward = effects.filter(({ stamp }) => stamp.step !== wayBack).length;
  const of = (kind: RolloutEvent['kind']): number =>
    events.filter(({ event }) => event.kind === kind).length;
  return {
    I1: forward,
    I2: forward,
    I3: of('rollout.started'),
    I4: effects.length - new Set(effects.map(({ target }) => target)).size,
    I5: events.length,
    I6: rollouts,
    I7: effects.length,
    I8: messages.filter(({ key }) => key.startsWith('rollout:')).length,
    I9: secrets.length * written.length,
    I10: of('rollout.rolled_back'),
    I11: answers.filter(({ rollout }) => rollout !== null).length,
    I12: outages.length,
  };
}
