import { readPlace } from '#app/change-place.ts';
import { rolloutReads } from '#app/rollout/rollout-reads.ts';
import type { World } from '#app/world.ts';
import type { Aim } from '#core/alerts/alert.ts';
import type { MetricCourse } from '#core/alerts/turn-of-metric.ts';
import type { Metric } from '#core/analysis/metric.ts';
import type { Sample } from '#core/analysis/reading.ts';
import { recordOf } from '#core/figures/release-record.ts';
import type { Instant, RolloutId } from '#core/ids.ts';
import type { Artifact } from '#core/release.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { MetricQuestion } from '#ports/metrics-source.ts';
import type { Transaction } from '#ports/store.ts';

/** Which metric of which place, and from when to when; times in epoch milliseconds. */
export interface Course {
  readonly aim: Aim;
  /** The suspect: what is read since its first traffic is its own, where it is of this place. */
  readonly suspect: RolloutId;
  readonly source: string;
  readonly metric: Metric;
  readonly stepSeconds: number;
  readonly from: Instant;
  readonly trafficAt: Instant;
  readonly to: Instant;
}

/** What is asked of a source over a part of the time. */
interface Part extends Pick<MetricQuestion, 'side' | 'artifact' | 'from' | 'to'> {}

/**
 * Reads a metric of a place before a suspect's first traffic, of what ran there then, and since, of
 * what is on its way there or runs there now. What cannot be read is missing.
 */
export async function courseOf(
  world: Pick<World, 'store' | 'metrics' | 'settings'>,
  course: Course,
): Promise<MetricCourse> {
  const parts = await world.store.transact((tx) => partsOf(tx, course));
  const [before, after] = await Promise.all(
    [parts.before, parts.after].map((part) => (part === null ? [] : read(world, course, part))),
  );
  return { before: before ?? [], after: after ?? [] };
}

async function partsOf(
  tx: Transaction,
  { aim: { service, environment }, suspect, from, trafficAt, to }: Course,
): Promise<{ readonly before: Part | null; readonly after: Part | null }> {
  const { settled } = await readPlace(tx, service, environment);
  const accused = await rolloutReads.read(tx, suspect);
  const active = await rolloutReads.active(tx, service, environment);
  const own = accused?.service === service && accused.environment === environment ? accused : null;
  const then = settled.find(({ at }) => at <= trafficAt)?.artifact ?? own?.plan?.previous ?? null;
  const now = servedBy(own ?? active) ?? stable(settled[0]?.artifact ?? null);
  return {
    before: then === null ? null : { side: 'stable', artifact: then, from, to: trafficAt },
    after: now === null ? null : { ...now, from: trafficAt, to },
  };
}

/** What a release brings, as long as it is not what runs: a candidate. Null where it had no traffic. */
function servedBy(state: RolloutState | null): Pick<Part, 'side' | 'artifact'> | null {
  if (state === null || state.intent !== 'deploy' || recordOf(state).trafficAt === null)
    return null;
  const side = state.phase === 'succeeded' ? 'stable' : 'candidate';
  return { side, artifact: state.artifact };
}

function stable(artifact: Artifact | null): Pick<Part, 'side' | 'artifact'> | null {
  return artifact === null ? null : { side: 'stable', artifact };
}

/** All targets of the place; where several tell of one instant, each counts. */
async function read(
  world: Pick<World, 'metrics' | 'settings'>,
  { aim: { service, environment }, source, metric, stepSeconds }: Course,
  part: Part,
): Promise<readonly Sample[]> {
  const targets = (world.settings().lookup.place(service, environment)?.waves ?? []).flat();
  const readings = await Promise.all(
    targets.map((target) =>
      world.metrics(source).read({
        metric,
        target: { target, service, environment },
        stepSeconds,
        ...part,
      }),
    ),
  );
  return readings.flatMap((reading) => (reading.class === 'ok' ? reading.samples : []));
}
