import { fixedThresholds, netflixAca, nominalZ, ours, peeked } from './policies.ts';
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

const looks = 240;

/** How long a bad candidate stays, by policy, `runs` times up to an hour. */
export function detection(kind: Kind, runs: number, calibratedZ: number): readonly Detection[] {
  const policies = [
    ours('latency'),
    ours('buckets'),
    netflixAca(),
    fixedThresholds(),
    peeked('peeked at 1 %', nominalZ),
    peeked('peeked, as few false alarms as ours', calibratedZ),
  ];
  return defects.flatMap(({ name, defect }, index) => {
    const times = policies.map((): number[] => []);
    for (let seed = 1; seed <= runs; seed++) {
      const run = simulate(
        kind,
        looks,
        defect,
        5_000_000 + kinds.indexOf(kind) * 100_000 + index * 10_000 + seed,
      );
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
