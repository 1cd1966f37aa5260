import { ours, ownTunable } from './own.ts';
import type { Tunable } from './policies.ts';
import { aca, fixedThresholds, nominalZ, peeked } from './rivals.ts';
import { type Kind, kinds, type Run, simulate, sound } from './traffic.ts';
import { simulateUnseen, type UnseenKind, unseenKinds } from './unseen-traffic.ts';

/** Horizons in looks: 10 min, 30 min, 1 h, 2 h, 4 h. */
export const horizons = [40, 120, 240, 480, 960] as const;

export type AnyKind = Kind | UnseenKind;

export interface FalseAlarms {
  readonly kind: AnyKind;
  /** Runs and runs with an alarm by each horizon, by policy. */
  readonly byPolicy: Readonly<
    Record<string, { readonly runs: number; readonly alarms: readonly number[] }>
  >;
  /** By rival, the level that as few runs as promised ever reach. */
  readonly tuned: Readonly<Record<string, number>>;
}

const rivals = [
  { rival: aca, name: 'netflix-aca, 5 min slices', level: nominalZ },
  { rival: fixedThresholds, name: 'fixed thresholds', level: 1 },
  { rival: peeked, name: 'fixed-sample test, peeked', level: nominalZ },
] as const;

/** The same version on both sides for four hours, a look each 15 s. */
export function sameOnBothSides(kind: AnyKind, seed: number): Run {
  const looks = horizons[horizons.length - 1] ?? 0;
  const unseen = unseenKinds.find((one) => one === kind);
  if (unseen !== undefined) {
    return simulateUnseen(unseen, looks, 9_000_000 + unseenKinds.indexOf(unseen) * 100_000 + seed);
  }
  const known = kinds.find((one) => one === kind) ?? 'steady';
  return simulate(known, looks, sound, kinds.indexOf(known) * 100_000 + seed);
}

/** What the query of a gauge covers, where its text says so. */
export function rangeOf(kind: AnyKind): string | null {
  return kind === 'overlapping' ? '5m' : null;
}

/** `runs` times four hours of it; histograms and the rivals on the first of them only. */
export function falseAlarms(
  kind: AnyKind,
  runs: number,
  others: number,
  alpha: number,
): FalseAlarms {
  const firsts = new Map<string, (number | null)[]>();
  const largest = new Map<string, number[]>();
  const note = (name: string, look: number | null): void => {
    firsts.set(name, [...(firsts.get(name) ?? []), look]);
  };
  const own = ours('latency', rangeOf(kind));
  const histograms = ours('buckets', rangeOf(kind));
  const tunable = (['latency', 'buckets'] as const).map((latency) =>
    ownTunable(latency, rangeOf(kind), 8),
  );
  for (let seed = 1; seed <= runs; seed++) {
    const run = sameOnBothSides(kind, seed);
    note(own.name, own.firstAlarm(run));
    if (seed > others) continue;
    note(histograms.name, histograms.firstAlarm(run));
    for (const own of tunable) {
      const { largest: most } = lookAt(own, run, Number.POSITIVE_INFINITY);
      largest.set(own.name, [...(largest.get(own.name) ?? []), most]);
    }
    for (const { rival, name, level } of rivals) {
      const found = lookAt(rival, run, level);
      note(name, found.first);
      largest.set(name, [...(largest.get(name) ?? []), found.largest]);
    }
  }
  return {
    kind,
    byPolicy: Object.fromEntries(
      [...firsts].map(([name, looks]) => [
        name,
        {
          runs: looks.length,
          alarms: horizons.map(
            (horizon) => looks.filter((look) => look !== null && look <= horizon).length,
          ),
        },
      ]),
    ),
    tuned: Object.fromEntries(
      [...largest].map(([name, levels]) => [name, exceededBy(levels, alpha)]),
    ),
  };
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
