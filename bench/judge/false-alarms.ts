import { historyOf, sameOnBothSides } from './history.ts';
import { ours, ownAnalysis, ownTunables } from './own.ts';
import type { Tunable } from './policies.ts';
import { aca, fixedThresholds, nominalZ, peeked } from './rivals.ts';
import type { Run } from './traffic.ts';
import type { AnyKind } from './unseen-traffic.ts';

/** Horizons in looks: 10 min, 30 min, 1 h, 2 h, 4 h. */
export const horizons = [40, 120, 240, 480, 960] as const;

/** Kinds of traffic that levels are set on, because the time to detect is measured there. */
const tunedOn = [
  'steady',
  'daily',
  'bursts',
  'autocorrelated',
  'heavy-tailed',
  'low-volume',
] as const;

export interface FalseAlarms {
  readonly kind: AnyKind;
  /** Runs and runs with an alarm by each horizon, by policy. */
  readonly byPolicy: Readonly<
    Record<string, { readonly runs: number; readonly alarms: readonly number[] }>
  >;
  /** By rival, the level that as few runs as promised ever reach. */
  readonly tuned: Readonly<Record<string, number>>;
}

/** The quickest first. */
const rivals = [
  { rival: peeked, name: 'fixed-sample test, peeked', level: nominalZ },
  { rival: aca, name: 'netflix-aca, 5 min slices', level: nominalZ },
  { rival: fixedThresholds, name: 'fixed thresholds', level: 1 },
] as const;

/** What the query of a gauge covers, where its text says so. */
export function rangeOf(kind: AnyKind): string | null {
  return kind === 'overlapping' ? '5m' : null;
}

/** How often each is asked. */
interface Times {
  readonly runs: number;
  /** The first so many of them are for the rivals and for levels. */
  readonly others: number;
  /** How many of the rivals are asked; of the others what was found before is kept. */
  readonly rivals: number;
}

/** Four hours of the same version on both sides, a look each 15 s. */
export function falseAlarms(
  kind: AnyKind,
  times: Times,
  alpha: number,
  before: FalseAlarms | null,
): FalseAlarms {
  const firsts = new Map<string, (number | null)[]>();
  const largest = new Map<string, number[]>();
  const range = rangeOf(kind);
  const own = [true, false].flatMap((knowing) =>
    (['latency', 'buckets'] as const).map((latency) => ours(latency, range, knowing)),
  );
  const asked = rivals.slice(0, times.rivals);
  const tunable = tunedOn.some((one) => one === kind) ? ownTunables(range, 8) : [];
  const history = historyOf(kind, ownAnalysis(['latency', 'buckets'], range, alpha));
  const looks = horizons[horizons.length - 1] ?? 0;
  for (let seed = 1; seed <= times.runs; seed++) {
    const run = { ...sameOnBothSides(kind, looks, seed), learnt: history(seed) };
    for (const policy of own) push(firsts, policy.name, policy.firstAlarm(run));
    if (seed > times.others) continue;
    for (const one of tunable) {
      push(largest, one.name, lookAt(one, run, Number.POSITIVE_INFINITY).largest);
    }
    for (const { rival, name, level } of asked) {
      const found = lookAt(rival, run, level);
      push(firsts, name, found.first);
      push(largest, name, found.largest);
    }
  }
  const kept = rivals.slice(times.rivals).map(({ name }) => name);
  return {
    kind,
    byPolicy: { ...countsOf(firsts), ...only(before?.byPolicy ?? {}, kept) },
    tuned: {
      ...Object.fromEntries([...largest].map(([name, found]) => [name, exceededBy(found, alpha)])),
      ...only(before?.tuned ?? {}, kept),
    },
  };
}

function push<T>(lists: Map<string, T[]>, name: string, one: T): void {
  lists.set(name, [...(lists.get(name) ?? []), one]);
}

/** Runs, and those with an alarm by each horizon. */
function countsOf(firsts: ReadonlyMap<string, readonly (number | null)[]>) {
  return Object.fromEntries(
    [...firsts].map(([name, looks]) => {
      const upTo = (horizon: number): number =>
        looks.filter((look) => look !== null && look <= horizon).length;
      return [name, { runs: looks.length, alarms: horizons.map(upTo) }];
    }),
  );
}

function only<T>(of: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => names.includes(name)));
}

function exceededBy(levels: readonly number[], share: number): number {
  const sorted = levels.toSorted((a, b) => b - a);
  return (sorted[Math.floor(share * sorted.length)] ?? 0) + 1e-9;
}

/** Rivals that look each time are asked every fourth time here: it keeps the time down and flatters them. */
function lookAt(rival: Tunable, run: Run, level: number) {
  let first: number | null = null;
  let largest = 0;
  const stride = Math.max(4, rival.every);
  for (let look = stride; look <= run.errors.stable.length; look += stride) {
    const statistic = rival.statistic(run, look);
    largest = Math.max(largest, statistic);
    if (first === null && statistic >= level) first = look;
  }
  return { first, largest };
}
