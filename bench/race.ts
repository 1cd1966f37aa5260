export interface Contender {
  readonly name: string;
  /** Does the thing once; `turn` counts from 1 for each writer in each round. */
  run(writer: number, turn: number): Promise<unknown>;
}

/**
 * Lets two do the same by turns with several writers, and prints the median rates and the median
 * of the rounds' ratios: what disturbs a round disturbs both.
 */
export async function race(options: {
  readonly baseline: Contender;
  readonly challenger: Contender;
  readonly writers: number;
  readonly beforeRound: () => unknown;
  readonly rounds?: number;
  readonly milliseconds?: number;
}): Promise<void> {
  const { baseline, challenger, writers, beforeRound, rounds = 9, milliseconds = 500 } = options;
  const rates: { readonly base: number; readonly challenge: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    beforeRound();
    const base = await rate(baseline, writers, milliseconds);
    beforeRound();
    const challenge = await rate(challenger, writers, milliseconds);
    // The first round warms up.
    if (round > 0) rates.push({ base, challenge });
  }
  const show = (name: string, value: string): void => console.log(`${name.padEnd(52)}${value}`);
  show(baseline.name, `${Math.round(median(rates.map(({ base }) => base)))}/s`);
  show(challenger.name, `${Math.round(median(rates.map(({ challenge }) => challenge)))}/s`);
  const ratios = rates.map(({ base, challenge }) => challenge / base);
  show(`ratio, ${writers} writers, median of ${rounds} rounds`, `${median(ratios).toFixed(2)}\n`);
}

async function rate(contender: Contender, writers: number, milliseconds: number): Promise<number> {
  const start = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let turn = 1; performance.now() - start < milliseconds; turn++) {
        await contender.run(writer, turn);
        done += 1;
      }
    }),
  );
  return (done / (performance.now() - start)) * 1000;
}

/** The middle one of the values. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
