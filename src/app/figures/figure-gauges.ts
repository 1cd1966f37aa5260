import type { World } from '#app/world.ts';
import { figureMeanings, figuresOf } from '#core/figures/figures.ts';
import { readFigures } from './read-figures.ts';

/** How long the gauges are good for, in milliseconds. */
const freshMs = 60_000;

/** Keeps the gauges of the figures: the last thirty days of everything, at most a minute old. */
export function createFigureGauges(world: World): () => Promise<void> {
  let asOf: number | null = null;
  return async () => {
    const now = world.clock.now();
    if (asOf !== null && now - asOf < freshMs) return;
    asOf = now;
    try {
      const question = await world.store.transact((tx) =>
        readFigures(tx, world.settings(), { days: 30 }),
      );
      const measured: Readonly<Record<string, { readonly value: number | null }>> =
        figuresOf(question);
      for (const figure of Object.keys(figureMeanings)) {
        world.telemetry.gauge('figure', measured[figure]?.value ?? Number.NaN, { figure });
      }
    } catch (error) {
      // Metrics have to be readable while the database is away: that is when they are read.
      world.log.warn('The figures could not be read', { error });
    }
  };
}
