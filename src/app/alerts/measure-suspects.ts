import { analysisOf } from '#app/analysis-of.ts';
import type { World } from '#app/world.ts';
import type { Aim } from '#core/alerts/alert.ts';
import type { Suspect } from '#core/alerts/events.ts';
import {
  type AlertGroup,
  aimsOf,
  type FiringAlert,
  isAimedAt,
  worstEffect,
} from '#core/alerts/group.ts';
import { beforeMs, type Health, type HealthPoint, healthBefore } from '#core/alerts/health.ts';
import { reach } from '#core/alerts/rank-suspects.ts';
import { pointsOf, type Threshold, thresholdOf } from '#core/alerts/turn-of-metric.ts';
import type { Metric } from '#core/analysis/metric.ts';
import type { RolloutId } from '#core/ids.ts';
import { type Course, courseOf } from './metric-course.ts';

/** Points of a course: as fine as that allows, but no finer than a second. */
const mostPoints = 600;
/** Metrics of an analysis that are asked. */
const mostMetrics = 5;

/**
 * Measures how what rings stood before each suspect's first traffic: by the condition of the alert
 * where a metrics source evaluates it, by the bell that rang, else by the metrics that the place is
 * judged by. Asks the world: never within a transaction. Never throws: what cannot be had is unknown.
 */
export async function measureSuspects(
  world: World,
  group: AlertGroup,
  suspects: readonly Suspect[],
): Promise<ReadonlyMap<RolloutId, Health>> {
  const { services } = world.settings().settings;
  const found = new Map<RolloutId, Health>();
  for (const suspect of suspects) {
    const aim = aimsOf(group).find(
      ({ service, environment }) =>
        environment === suspect.environment && reach(service, services).has(suspect.service),
    );
    if (aim !== undefined) found.set(suspect.rollout, await measure(world, group, suspect, aim));
  }
  return found;
}

interface Asked {
  readonly world: World;
  readonly group: AlertGroup;
  readonly aim: Aim;
  readonly alert: FiringAlert;
  readonly suspect: Suspect;
  readonly stepSeconds: number;
  readonly now: number;
}

async function measure(
  world: World,
  group: AlertGroup,
  suspect: Suspect,
  aim: Aim,
): Promise<Health> {
  const aimed = group.alerts.filter((alert) => isAimedAt(alert.aim, aim));
  const effect = worstEffect(aimed);
  const alert = aimed.find((one) => one.effect === effect);
  if (alert === undefined) return { before: 'unknown', turnedAt: null, by: 'nothing rings here' };
  const now = world.clock.now();
  const range = (now - suspect.trafficAt + beforeMs) / 1000;
  const stepSeconds = Math.max(1, Math.ceil(range / mostPoints));
  const asked = { world, group, aim, alert, suspect, stepSeconds, now };
  return (
    (await byCondition(asked)) ??
    (await byBell(asked)) ??
    (await byAnalysis(asked)) ?? {
      before: 'unknown',
      turnedAt: null,
      by: `no metric of ${aim.service} shows it`,
    }
  );
}

/** By the sources that may evaluate the alert themselves. */
async function byCondition(asked: Asked): Promise<Health | null> {
  const { world, group, alert, suspect, stepSeconds, now } = asked;
  if (group.source === 'bell') return null;
  for (const name of Object.keys(world.settings().settings.metrics)) {
    const points = await world.metrics(name).condition?.({
      alert: alert.name,
      labels: alert.labels,
      from: suspect.trafficAt - beforeMs,
      to: now,
      stepSeconds,
    });
    if (points == null) continue;
    const course = points.map(({ at, holds }) => ({ at, bad: holds }));
    return judged(asked, course, `by ${alert.name} in ${name}`);
  }
  return null;
}

async function byBell(asked: Asked): Promise<Health | null> {
  const { world, group } = asked;
  const bell = world.settings().settings.alerts?.bells[group.receiver];
  if (group.source !== 'bell' || bell === undefined) return null;
  const course = await askCourse(asked, bell.source, bell.metric);
  const points = pointsOf(bell.metric, course, { value: bell.above, down: false });
  return points.length === 0 ? null : judged(asked, points, `by the bell ${group.receiver}`);
}

/** By the first metric of the analysis that shows what rings. */
async function byAnalysis(asked: Asked): Promise<Health | null> {
  const { world, aim, alert } = asked;
  const analysis = analysisOf(world, aim);
  if (analysis === null) return null;
  for (const metric of analysis.metrics.slice(0, mostMetrics)) {
    const course = await askCourse(asked, metric.source ?? analysis.source, metric);
    const threshold: Threshold | null = thresholdOf(metric, course, alert.startsAt);
    if (threshold === null) continue;
    const health = judged(
      asked,
      pointsOf(metric, course, threshold),
      `by ${metric.name} of ${aim.service}`,
    );
    if (health.turnedAt !== null) return health;
  }
  return null;
}

function askCourse(
  { world, aim, suspect, stepSeconds, now }: Asked,
  source: string,
  metric: Metric,
) {
  const asked: Course = {
    aim,
    suspect: suspect.rollout,
    source,
    metric,
    stepSeconds,
    from: suspect.trafficAt - beforeMs,
    trafficAt: suspect.trafficAt,
    to: now,
  };
  return courseOf(world, asked);
}

function judged(
  { suspect, alert, stepSeconds }: Asked,
  points: readonly HealthPoint[],
  named: string,
): Health {
  const { trafficAt } = suspect;
  const { startsAt } = alert;
  const by = named.slice(0, 200).toWellFormed();
  return healthBefore(points, { trafficAt, startsAt, stepMs: stepSeconds * 1000, by });
}
