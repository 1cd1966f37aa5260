import { netflixAca, nominalZ, ours, peekedStatistic } from './policies.ts';
import { type Kind, kinds, simulate, sound } from './traffic.ts';

/** Horizons in looks: 10 min, 30 min, 1 h, 2 h, 4 h. */
export const horizons = [40, 120, 240, 480, 960] as const;

export interface FalseAlarms {
  readonly kind: Kind;
  readonly runs: number;
  /** Runs with an alarm by each horizon. */
  readonly byPolicy: Readonly<Record<string, readonly number[]>>;
  /** Largest z of the peeked tests in each run, for calibrating it. */
  readonly largestZ: readonly number[];
}

/** The same version on both sides, `runs` times four hours, a look each 15 s. */
export function falseAlarms(kind: Kind, runs: number): FalseAlarms {
  const policies = [ours('latency'), ours('buckets'), netflixAca()];
  const alarms = new Map<string, (number | null)[]>(policies.map(({ name }) => [name, []]));
  const peeks: (number | null)[] = [];
  const largestZ: number[] = [];
  const looks = horizons[horizons.length - 1] ?? 0;
  for (let seed = 1; seed <= runs; seed++) {
    const run = simulate(kind, looks, sound, kinds.indexOf(kind) * 100_000 + seed);
    for (const policy of policies) alarms.get(policy.name)?.push(policy.firstAlarm(run));
    const { first, largest } = peek(run, looks);
    peeks.push(first);
    largestZ.push(largest);
  }
  const byPolicy = Object.fromEntries(
    [...alarms, ['peeked at 1 %', peeks] as const].map(([name, firsts]) => [
      name,
      horizons.map((horizon) => firsts.filter((look) => look !== null && look <= horizon).length),
    ]),
  );
  return { kind, runs, byPolicy, largestZ };
}

function peek(run: ReturnType<typeof simulate>, looks: number) {
  let first: number | null = null;
  let largest = 0;
  // Every fourth look keeps the time down and flatters the peeked test.
  for (let look = 4; look <= looks; look += 4) {
    const z = peekedStatistic(run, look);
    largest = Math.max(largest, z);
    if (first === null && z >= nominalZ) first = look;
  }
  return { first, largest };
}
