import type { World } from '#app/world.ts';
import { type Burn, burnPairs, burnRate, windowsOf } from '#core/analysis/budget.ts';
import { formatDuration } from '#core/duration.ts';
import type { Facts } from '#core/facts.ts';
import type { Instant } from '#core/ids.ts';
import type { Artifact } from '#core/release.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { ObjectiveSettings } from '#core/settings/objective.ts';

/**
 * Asks how fast the objectives that this plan's gates name are burning, over every window of the
 * pairs and over the whole period. What cannot be measured is null, never an exception.
 */
export async function readBudgets(
  world: Pick<World, 'settings' | 'metrics' | 'clock'>,
  state: Pick<RolloutState, 'plan' | 'service' | 'environment'>,
): Promise<Facts['budgets']> {
  const { objectives } = world.settings().settings;
  const { service, environment, plan } = state;
  const running = (plan?.targets ?? []).flatMap(({ target, stable }) =>
    stable === null ? [] : [{ target, artifact: stable }],
  );
  const measured = { service, environment, running };
  const now = world.clock.now();
  const found = await Promise.all(
    objectivesOf(state).map(async (name) => {
      const objective = objectives[name];
      return objective === undefined
        ? []
        : [[name, await readBudget(world, measured, objective, now)] as const];
    }),
  );
  return Object.fromEntries(found.flat());
}

/** The objectives that a plan's gates name, each once. */
export function objectivesOf({ plan }: Pick<RolloutState, 'plan'>): readonly string[] {
  const asked = (plan?.gates ?? []).flatMap(({ gate, options }) => {
    const { objective } = options;
    return gate === 'error-budget' && typeof objective === 'string' ? [objective] : [];
  });
  return [...new Set(asked)];
}

/** Where an objective is measured: what runs in a place, target by target. */
export interface Measured {
  readonly service: string;
  readonly environment: string;
  readonly running: readonly { readonly target: string; readonly artifact: Artifact }[];
}

/** How fast one objective burns, as of an instant. */
export async function readBudget(
  world: Pick<World, 'metrics'>,
  measured: Measured,
  objective: ObjectiveSettings,
  at: Instant,
): Promise<Facts['budgets'][string]> {
  const { target, period } = objective;
  const goal = { target, periodSeconds: period };
  const windows = [...windowsOf(burnPairs(period)), period];
  const burns = await Promise.all(
    windows.map(async (seconds): Promise<Burn> => {
      const sums = await readSums(world, measured, objective, seconds, at);
      return { seconds, rate: sums === null ? null : burnRate(goal, sums.bad, sums.total) };
    }),
  );
  const whole = burns.at(-1)?.rate ?? null;
  return {
    periodSeconds: period,
    burns,
    remaining: whole === null ? null : 1 - whole,
    evidence: burns.map(
      ({ seconds, rate }) =>
        `${formatDuration(seconds)}: ${rate === null ? 'no data' : `${rate.toFixed(2)} times the allowed speed`}`,
    ),
  };
}

/** What happened this shortly before is not measured yet: sources look from time to time. */
const unseenMs = 3000;

/**
 * Bad and all requests over so many seconds, on all targets together; null without data. The window
 * ends a little before `asOf`, so that it was wholly looked at.
 */
export async function readSums(
  world: Pick<World, 'metrics'>,
  { service, environment, running }: Measured,
  { source, metric }: Pick<ObjectiveSettings, 'source' | 'metric'>,
  seconds: number,
  asOf: Instant,
): Promise<{ readonly bad: number; readonly total: number } | null> {
  const sums = { bad: 0, total: 0 };
  const to = asOf - unseenMs;
  for (const { target, artifact } of running) {
    const reading = await world.metrics(source).read({
      metric,
      target: { target, service, environment },
      side: 'stable',
      artifact,
      from: to - seconds * 1000,
      to,
      stepSeconds: seconds,
    });
    if (reading.class === 'provider_error' || reading.class === 'ambiguous_series') return null;
    for (const sample of reading.samples) {
      if (sample.kind !== 'ratio') continue;
      sums.bad += sample.bad;
      sums.total += sample.total;
    }
  }
  return sums.total > 0 ? sums : null;
}
