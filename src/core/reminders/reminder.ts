import type { CardAction } from '#core/cards/actions.ts';
import type { Line, Tone } from '#core/message.ts';
import type { Actor } from '#core/people.ts';

/** Something that a person is told once, alone. */
export interface Reminder {
  /** The same for the same occasion: it is told once under it. */
  readonly occasion: string;
  readonly to: readonly Actor[];
  readonly tone: Tone;
  readonly title: string;
  readonly said: string;
  readonly more: readonly Line[];
  /** What they can do about it at once. */
  readonly actions: readonly CardAction[];
}

/**
 * How often something of this age was to be reminded of by now, counting from 0: at `after`, then
 * at each doubling, so that nobody is told every hour of what they leave on purpose. Null before
 * the first, and where `after` is zero.
 */
export function doublings(ageMs: number, afterMs: number): number | null {
  if (afterMs <= 0 || ageMs < afterMs) return null;
  return Math.floor(Math.log2(ageMs / afterMs));
}

/** Each person once. */
export function distinct(people: readonly Actor[]): readonly Actor[] {
  return [...new Map(people.map((actor) => [actor.person, actor])).values()];
}
