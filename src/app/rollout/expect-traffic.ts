import type { World } from '#app/world.ts';
import { type ExpectedTraffic, expectedFrom } from '#core/analysis/expected-traffic.ts';
import type { Analysis } from '#core/analysis/metric.ts';
import type { PlannedTarget } from '#core/plan.ts';
import type { TargetRef } from '#ports/delivery-target.ts';

/** How far back stable is looked at, at least. */
const lookBackSeconds = 600;

/**
 * Asks the metrics source what stable showed lately, at the first target of a place, so that a plan
 * can say what would be seen and when. What cannot be had is left out; a source that is down costs a
 * plan its expectations and nothing else.
 */
export async function expectTraffic(
  world: Pick<World, 'metrics' | 'clock'>,
  analysis: Analysis,
  place: Omit<TargetRef, 'target'>,
  targets: readonly PlannedTarget[],
): Promise<ReadonlyMap<string, ExpectedTraffic>> {
  const first = targets.find(({ stable }) => stable !== null);
  const artifact = first?.stable ?? null;
  if (first === undefined || artifact === null) return new Map();
  const to = Math.floor(world.clock.now());
  const stepSeconds = analysis.step ?? analysis.every;
  const { service, environment } = place;
  const found = await Promise.all(
    analysis.metrics.map(async (metric) => {
      const reading = await world.metrics(metric.source ?? analysis.source).read({
        metric,
        target: { target: first.target, service, environment },
        side: 'stable',
        artifact,
        from: to - Math.max(lookBackSeconds, 20 * stepSeconds) * 1000,
        to,
        stepSeconds,
      });
      return [metric.name, expectedFrom(metric, reading, stepSeconds)] as const;
    }),
  );
  return new Map(
    found.flatMap(([name, expected]) => (expected === null ? [] : [[name, expected]])),
  );
}
