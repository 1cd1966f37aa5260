import { readSums } from '#app/rollout/read-budgets.ts';
import { rolloutReads } from '#app/rollout/rollout-reads.ts';
import type { World } from '#app/world.ts';
import type { Aim, AlertNotice } from '#core/alerts/alert.ts';
import type { Instant } from '#core/ids.ts';
import type { Artifact } from '#core/release.ts';
import type { AlertSettings, Bell } from '#core/settings/alerts.ts';
import type { AlertIntake } from '#ports/alert-intake.ts';

/** What rings is told of again this often, so that it is not taken to be over. */
const repeatMs = 300_000;

/** What was told last of one bell in one place. */
interface Told {
  readonly rings: boolean;
  readonly since: Instant;
  readonly at: Instant;
}

/**
 * Rings the bells of the settings: for whatever runs in a place, while nothing rolls out there
 * (then the judge watches). Each worker may do it: what several tell is one alert. What cannot be
 * measured neither rings nor ends. Returns how many ring.
 */
export function ringBells(world: World, intake: AlertIntake): () => Promise<number> {
  const told = new Map<string, Told>();

  async function look(name: string, bell: Bell, place: Aim): Promise<void> {
    const running = await runningIn(world, place);
    if (running === null) return;
    const now = world.clock.now();
    const sums = await readSums(world, { ...place, running }, bell, bell.over, now);
    if (sums === null || sums.total < bell.least) return;
    const share = sums.bad / sums.total;
    const rings = share > bell.above;
    const key = `${name}/${place.service}/${place.environment}`;
    const last = told.get(key);
    const changed = last === undefined || last.rings !== rings;
    if (!changed && (!rings || now - last.at < repeatMs)) return;
    const since = rings && last?.rings === true ? last.since : now;
    await intake.accept(noticeOf(world, { name, bell, place, share, rings, since, now }));
    told.set(key, { rings, since, at: now });
  }

  return async () => {
    const { settings } = world.settings();
    for (const [name, bell] of Object.entries(settings.alerts?.bells ?? {})) {
      for (const place of placesOf(world, bell)) await look(name, bell, place);
    }
    return [...told.values()].filter(({ rings }) => rings).length;
  };
}

function placesOf(world: World, { environments }: Bell): readonly Aim[] {
  const { settings, lookup } = world.settings();
  return Object.keys(settings.services).flatMap((service) =>
    lookup
      .path(service)
      .filter(
        (environment) =>
          environments?.includes(environment) ??
          settings.environments[environment]?.production === true,
      )
      .map((environment) => ({ service, environment })),
  );
}

/** What runs on each target of a place; null while something rolls out there, or nothing ever did. */
async function runningIn(world: World, { service, environment }: Aim) {
  const waves = world.settings().lookup.place(service, environment)?.waves ?? [];
  const artifact = await world.store.transact(async (tx): Promise<Artifact | null> => {
    if ((await rolloutReads.active(tx, service, environment)) !== null) return null;
    return (await rolloutReads.live(tx, service, environment))?.artifact ?? null;
  });
  return artifact === null ? null : waves.flat().map((target) => ({ target, artifact }));
}

function noticeOf(
  world: World,
  ring: {
    readonly name: string;
    readonly bell: Bell;
    readonly place: Aim;
    readonly share: number;
    readonly rings: boolean;
    readonly since: Instant;
    readonly now: Instant;
  },
): AlertNotice {
  const { name, bell, place, share, rings, since, now } = ring;
  const { alerts, services } = world.settings().settings;
  const status = rings ? 'firing' : 'resolved';
  const key = `${name}/${place.service}/${place.environment}`;
  return {
    source: 'bell',
    receiver: name,
    groupKey: key,
    status,
    title: name,
    url: null,
    truncated: 0,
    alerts: [
      {
        fingerprint: world.crypto.sha256(key).slice(0, 16),
        status,
        startsAt: rings ? since : now - 1,
        endsAt: rings ? null : now,
        labels: labelsOf(alerts, name, bell, place),
        name,
        summary: `${Math.round(share * 1000) / 10} % of the requests to ${place.service} are bad`,
        runbook: services[place.service]?.runbook ?? null,
        url: null,
      },
    ],
  };
}

/** Labels by which the settings read the place and the severity back. */
function labelsOf(alerts: AlertSettings | undefined, name: string, bell: Bell, place: Aim) {
  return {
    alertname: name,
    [alerts?.serviceLabel ?? 'service']: place.service,
    [alerts?.environmentLabel ?? 'environment']: place.environment,
    [alerts?.severityLabel ?? 'severity']: bell.severity,
  };
}
