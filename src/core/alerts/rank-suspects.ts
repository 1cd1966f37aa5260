import type { ReleaseRecord } from '#core/figures/release-record.ts';
import type { Instant } from '#core/ids.ts';
import { terminalPhases } from '#core/rollout/state.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { Aim } from './alert.ts';
import type { Suspect } from './events.ts';
import type { AlertGroup } from './group.ts';
import type { Health } from './health.ts';

/** Suspects that are named. */
const most = 5;
/** A release counts half as much after each so many milliseconds. */
const halfLifeMs = 3_600_000;
/** The time before the first traffic in which the alert should have been quiet. */
const quietMs = 3_600_000;

/** A release, and what it has of the traffic now. */
export interface Candidate {
  readonly record: ReleaseRecord;
  /** In percent. */
  readonly share: number;
}

/** The services that a service needs, itself first, with the number of calls in between. */
export function reach(
  service: string,
  services: Readonly<Record<string, Pick<Settings['services'][string], 'dependsOn'>>>,
): ReadonlyMap<string, number> {
  const distances = new Map([[service, 0]]);
  for (const [name, distance] of distances) {
    for (const needed of services[name]?.dependsOn ?? []) {
      if (!distances.has(needed)) distances.set(needed, distance + 1);
    }
  }
  return distances;
}

/**
 * The releases that may have caused an alert, likeliest first, at most five. Only what had traffic
 * before the alert began, within `lookbackMs` of it, and was not off again by then: so a replayed
 * old alert accuses nobody. Near in time, in the call graph, with much of the traffic, with a bad
 * or missing verdict, and before which what rings was healthy, ranks higher.
 */
export function rankSuspects(question: {
  readonly aim: Aim;
  readonly startsAt: Instant;
  readonly distances: ReadonlyMap<string, number>;
  readonly candidates: readonly Candidate[];
  readonly group: Pick<AlertGroup, 'past'>;
  readonly lookbackMs: number;
  /** What was measured of them, by rollout. */
  readonly measured?: ReadonlyMap<string, Health>;
}): readonly Suspect[] {
  const { aim, startsAt, distances, candidates, group, lookbackMs, measured } = question;
  const suspects = candidates.flatMap(({ record, share }): readonly Suspect[] => {
    const distance = distances.get(record.service);
    const { trafficAt } = record;
    if (distance === undefined || record.environment !== aim.environment) return [];
    if (trafficAt === null || trafficAt > startsAt || startsAt - trafficAt > lookbackMs) return [];
    const off = offAt(record, candidates);
    if (off !== null && off <= startsAt) return [];
    const quietBefore = group.past.every(
      ({ from, to }) => to < trafficAt - quietMs || from > trafficAt,
    );
    const health = measured?.get(record.rollout);
    const suspect = {
      rollout: record.rollout,
      service: record.service,
      environment: record.environment,
      version: record.version,
      distance,
      trafficAt,
      share,
      verdict: record.canary,
      quietBefore,
      ...(health === undefined ? {} : { health }),
    };
    return [{ ...suspect, score: score(suspect, startsAt) }];
  });
  return suspects.toSorted((a, b) => b.score - a.score || b.trafficAt - a.trafficAt).slice(0, most);
}

const verdicts = { failed: 1, undecided: 0.9, none: 0.8, passed: 0.7 } as const;

function score(suspect: Omit<Suspect, 'score'>, startsAt: Instant): number {
  // When it turned tells more than when somebody was told.
  const turned = suspect.health?.turnedAt ?? startsAt;
  const recent = 0.5 ** (Math.max(0, turned - suspect.trafficAt) / halfLifeMs);
  const served = 0.3 + 0.7 * (suspect.share / 100);
  const near = 0.6 ** suspect.distance;
  const product = recent * served * near * verdicts[suspect.verdict] * healthy(suspect);
  return Math.round(product * 10_000) / 10_000;
}

/** What was measured; where that says nothing, whether the alert had rung. */
function healthy({ health, quietBefore }: Omit<Suspect, 'score'>): number {
  if (health?.before === 'healthy') return 1;
  if (health?.before === 'unhealthy') return 0.15;
  return quietBefore ? 0.8 : 0.3;
}

/** When people were off a release again: it went back, or the next one had taken its place. */
function offAt(record: ReleaseRecord, candidates: readonly Candidate[]): Instant | null {
  const { endedAt, phase } = record;
  if (endedAt === null) return null;
  if (phase !== 'succeeded') return terminalPhases.some((one) => one === phase) ? endedAt : null;
  const later = candidates.flatMap(({ record: other }) =>
    other.service === record.service &&
    other.environment === record.environment &&
    other.phase === 'succeeded' &&
    other.endedAt !== null &&
    other.endedAt > endedAt
      ? [other.endedAt]
      : [],
  );
  return later.length === 0 ? null : Math.min(...later);
}
