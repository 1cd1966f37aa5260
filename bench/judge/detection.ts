import { rangeOf } from './false-alarms.ts';
import { historyOf } from './history.ts';
import { ours, ownAnalysis, ownTunables } from './own.ts';
import { at } from './policies.ts';
import { aca, fixedThresholds, nominalZ, peeked } from './rivals.ts';
import { type Defect, intervalSeconds, type Kind, kinds, simulate, sound } from './traffic.ts';

export const defects: readonly { readonly name: string; readonly defect: Defect }[] = [
  { name: 'errors × 2', defect: { ...sound, errorFactor: 2 } },
  { name: 'errors + 1 point', defect: { ...sound, errorAdd: 0.01 } },
  { name: 'p95 + 20 %', defect: { ...sound, latencyFactor: 1.2 } },
  { name: 'p95 + 50 %', defect: { ...sound, latencyFactor: 1.5 } },
  { name: 'p95 + 100 %', defect: { ...sound, latencyFactor: 2 } },
];

export interface Detection {
  readonly kind: Kind;
  readonly defect: string;
  readonly policy: string;
  readonly runs: number;
  readonly missed: number;
  /** Seconds to the alarm; null where so many runs had none within the hour. */
  readonly median: number | null;
  readonly p90: number | null;
}

/** Levels of the rivals at which they raise as few false alarms as promised. */
export interface Levels {
  readonly aca: number;
  readonly thresholds: number;
  readonly peeked: number;
  readonly gauge: number;
  readonly histogram: number;
}

const looks = 240;

/** Ends the names of those whose one number was set on the traffic itself. */
export const matched = 'tuned to this traffic';

/**
 * How long a bad candidate stays, by policy, `runs` times up to an hour. `fair`: levels tuned over
 * all kinds of traffic; `oracle`: tuned on this kind alone, which nobody can do beforehand.
 */
export function detection(
  kind: Kind,
  runs: number,
  levels: { readonly fair: Levels; readonly oracle: Levels },
): readonly Detection[] {
  const { fair, oracle } = levels;
  const range = rangeOf(kind);
  const [gauge, histogram] = ownTunables(range, 1);
  if (gauge === undefined || histogram === undefined) throw new Error('There are two of our own');
  const policies = [
    ...[true, false].flatMap((knowing) =>
      (['latency', 'buckets'] as const).map((latency) => ours(latency, range, knowing)),
    ),
    at(aca, 'netflix-aca, 5 min slices', nominalZ),
    at(aca, 'netflix-aca, tuned', fair.aca),
    at(aca, `netflix-aca, ${matched}`, oracle.aca),
    at(fixedThresholds, 'fixed thresholds', 1),
    at(fixedThresholds, `fixed thresholds, ${matched}`, oracle.thresholds),
    at(peeked, 'fixed-sample test, peeked', nominalZ),
    at(peeked, 'fixed-sample test, tuned', fair.peeked),
    at(peeked, `fixed-sample test, ${matched}`, oracle.peeked),
    at(gauge, `signalbox, ${matched}`, oracle.gauge),
    at(histogram, `signalbox, histograms, ${matched}`, oracle.histogram),
  ];
  const history = historyOf(kind, ownAnalysis(['latency', 'buckets'], range, 0.02));
  return defects.flatMap(({ name, defect }, index) => {
    const times = policies.map((): number[] => []);
    for (let seed = 1; seed <= runs; seed++) {
      const drawn = 5_000_000 + kinds.indexOf(kind) * 100_000 + index * 10_000 + seed;
      const run = { ...simulate(kind, looks, defect, drawn), learnt: history(seed) };
      policies.forEach((policy, i) => {
        const look = policy.firstAlarm(run);
        times[i]?.push(look === null ? Number.POSITIVE_INFINITY : look * intervalSeconds);
      });
    }
    return policies.map((policy, i) => {
      const sorted = (times[i] ?? []).toSorted((a, b) => a - b);
      return {
        kind,
        defect: name,
        policy: policy.name,
        runs,
        missed: sorted.filter((time) => !Number.isFinite(time)).length,
        median: finite(sorted[Math.floor(runs * 0.5)]),
        p90: finite(sorted[Math.floor(runs * 0.9)]),
      };
    });
  });
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
