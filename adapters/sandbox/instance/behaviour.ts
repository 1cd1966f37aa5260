import type { Chance } from './chance.ts';
import type { Character } from './character.ts';

/** What happens to one request. */
export interface Fate {
  readonly delayMs: number;
  readonly fails: boolean;
}

/** Draws what happens to a request while the side has `sharePercent` of the traffic. */
export function fateOf(character: Character, sharePercent: number, chance: Chance): Fate {
  const { latency, overloaded } = character;
  const isOverloaded = overloaded !== null && sharePercent > overloaded.abovePercent;
  const errorRate = isOverloaded ? overloaded.errorRate : character.errorRate;
  const body = latency.medianMs * Math.exp(latency.spread * chance.normal());
  const inTail = chance.next() < latency.tail.share;
  const factor = (inTail ? latency.tail.factor : 1) * (isOverloaded ? overloaded.latencyFactor : 1);
  return { delayMs: body * factor, fails: chance.next() < errorRate };
}
