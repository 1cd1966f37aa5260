import { appliesIn } from '#core/access/roles.ts';
import type { Grant } from '#core/people.ts';
import type { PlaceSettings } from './place-settings.ts';
import type { Settings } from './settings.ts';

/**
 * Everything in the settings that decides how, where and on whose word a release goes out in one
 * place. A plan carries its digest: when any of it changes, the plan and its approvals are void.
 * Texts for people, channels and what concerns other places are left out, so that they may change.
 */
export function policyOf(settings: Settings, place: PlaceSettings): unknown {
  const { service, environment, serviceSettings, environmentSettings } = place;
  const { channel: _channel, ...rules } = environmentSettings;
  const analysis = place.analysis === null ? null : (settings.analyses[place.analysis] ?? null);
  const roles = Object.entries(settings.roles).filter(([, role]) => appliesIn(role, place));
  const sources = [analysis?.source, ...(analysis?.metrics ?? []).map(({ source }) => source)];
  return {
    service,
    environment,
    repository: serviceSettings.repository,
    registry: settings.registries[serviceSettings.registry] ?? null,
    rules,
    waves: place.waves,
    targets: chosen(settings.targets, place.waves.flat()),
    strategy: settings.strategies[place.strategy] ?? null,
    analysis,
    metrics: chosen(
      settings.metrics,
      sources.filter((source) => source !== undefined),
    ),
    freezes: chosen(settings.freezes, windowsOf(place)),
    roles: Object.fromEntries(roles),
    people: roles.flatMap(([, { from }]) => accountsOf(settings, from)),
    access: settings.access,
  };
}

/** Whoever adds an account to a listed person gives that account the person's rights. */
function accountsOf(settings: Settings, grants: readonly Grant[]): readonly unknown[] {
  const people = grants.flatMap((grant) => (grant.kind === 'people' ? grant.people : []));
  return people.map((person) => [person, settings.people[person]?.accounts ?? []]);
}

function windowsOf({ gates }: PlaceSettings): readonly string[] {
  return gates.flatMap(({ options: { windows } }) =>
    Array.isArray(windows) ? windows.filter((window) => typeof window === 'string') : [],
  );
}

function chosen(
  entries: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...new Set(names)].map((name) => [name, entries[name] ?? null]));
}
