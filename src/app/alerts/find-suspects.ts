import { readRollout } from '#app/rollout/trust-boundary.ts';
import type { SettingsSnapshot } from '#app/world.ts';
import type { Aim } from '#core/alerts/alert.ts';
import type { Suspect } from '#core/alerts/events.ts';
import { type AlertGroup, aimsOf, isAimedAt } from '#core/alerts/group.ts';
import type { Health } from '#core/alerts/health.ts';
import { type Candidate, rankSuspects, reach } from '#core/alerts/rank-suspects.ts';
import { recordOf } from '#core/figures/release-record.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import type { Transaction } from '#ports/store.ts';

/** Releases of a place that are considered, and suspects that are kept. */
const releasesPerPlace = 10;
const most = 5;

/** The releases that may have caused what rings, likeliest first, with `news` that were measured. */
export async function findSuspects(
  tx: Transaction,
  { settings, lookup }: SettingsSnapshot,
  group: AlertGroup,
  news: ReadonlyMap<string, Health> = new Map(),
): Promise<readonly Suspect[]> {
  const known = group.suspects.flatMap(({ rollout, health }) =>
    health === undefined ? [] : [[rollout, health] as const],
  );
  const measured = new Map([...known, ...news]);
  const found = new Map<string, Suspect>();
  for (const aim of aimsOf(group)) {
    const distances = reach(aim.service, settings.services);
    const candidates: Candidate[] = [];
    for (const service of distances.keys()) {
      if (lookup.place(service, aim.environment) === null) continue;
      candidates.push(...(await releasesOf(tx, { service, environment: aim.environment })));
    }
    const ranked = rankSuspects({
      aim,
      startsAt: startOf(group, aim),
      distances,
      candidates,
      group,
      measured,
      lookbackMs: (settings.alerts?.lookback ?? 0) * 1000,
    });
    for (const suspect of ranked) {
      const other = found.get(suspect.rollout);
      if (other === undefined || other.score < suspect.score) found.set(suspect.rollout, suspect);
    }
  }
  return [...found.values()].toSorted((a, b) => b.score - a.score).slice(0, most);
}

function startOf(group: AlertGroup, aim: Aim): number {
  const aimed = group.alerts.filter((alert) => isAimedAt(alert.aim, aim));
  return Math.min(...aimed.map(({ startsAt }) => startsAt));
}

async function releasesOf(tx: Transaction, place: Aim): Promise<readonly Candidate[]> {
  const records = await tx.streams({
    kind: 'rollout',
    ...place,
    newestFirst: true,
    limit: releasesPerPlace,
  });
  return records
    .map(({ row }) => readRollout(row.state))
    .map((state) => ({ record: recordOf(state), share: shareOf(state) }));
}

/** The traffic that a release has, in percent, over all of its targets. */
function shareOf({ phase, weights, plan }: RolloutState): number {
  if (phase === 'succeeded') return 100;
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  return Math.round(sum / Math.max(1, plan?.targets.length ?? 1));
}
