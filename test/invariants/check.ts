import type { History, Violation } from './history.ts';
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
