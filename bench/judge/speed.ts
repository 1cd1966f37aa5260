import { judge } from '#core/analysis/index.ts';
import { Analysis } from '#core/analysis/metric.ts';
import { mannWhitneyShift, z98 } from '#core/analysis/profiles/mann-whitney.ts';
import { inputAt } from './policies.ts';
import { simulate, sound } from './traffic.ts';

export interface Speed {
  readonly what: string;
  readonly points: number;
  /** Microseconds of processor time for one metric, best of the rounds. */
  readonly microseconds: number;
  readonly perSecond: number;
}

const metrics = [
  { name: 'latency', type: 'latency', what: 'gauge, rank test' },
  { name: 'errors', type: 'ratio', what: 'errors out of requests' },
  { name: 'buckets', type: 'histogram', what: 'histogram of 14 buckets' },
] as const;

/**
 * Processor time of one whole judgement of one metric: alignment, test, interval, words. Processor
 * time and the best round, because the machine is shared.
 */
export function speeds(rounds: number): readonly Speed[] {
  const rows: Speed[] = [];
  for (const { name, type, what } of metrics) {
    for (const points of [20, 60, 240, 960, 10_000]) {
      const analysis = Analysis.parse({ source: 'bench', metrics: [{ name, type }] });
      const input = inputAt(analysis, simulate('steady', points, sound, 5), points, points + 1);
      rows.push(
        row(
          what,
          points,
          best(rounds, points > 1000 ? 10 : 60_000 / points, () => judge(input)),
        ),
      );
    }
  }
  const run = simulate('steady', 60, sound, 5);
  const side = (name: 'stable' | 'candidate') =>
    Float64Array.from(run.latency[name], (one) => (one.kind === 'value' ? one.value : 0)).sort();
  const [stable, candidate] = [side('stable'), side('candidate')];
  const kernel = best(rounds, 1000, () => mannWhitneyShift(candidate, stable, z98));
  rows.push(row('netflix-aca, interval alone', 60, kernel));
  return rows;
}

function row(what: string, points: number, microseconds: number): Speed {
  return {
    what,
    points,
    microseconds: Math.round(microseconds * 10) / 10,
    perSecond: Math.round(1e6 / microseconds),
  };
}

function best(rounds: number, times: number, work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round <= rounds; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < times; i++) work();
    const { user, system } = process.cpuUsage(before);
    // The first round warms up.
    if (round > 0) least = Math.min(least, (user + system) / times);
  }
  return least;
}
