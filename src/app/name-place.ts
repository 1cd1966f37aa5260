import { suggestion } from '#core/grammar/suggest.ts';
import { refusal } from '#core/refusal.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { PlaceSettings } from '#core/settings/lookup.ts';
import type { ServiceSettings } from '#core/settings/settings.ts';
import type { SettingsSnapshot } from './world.ts';

/** A place that somebody named, as far as they named it. */
export interface NamedPlace {
  readonly service: string;
  readonly environment: string;
  /** The environment was not named: the answer must say which one was taken. */
  readonly assumed: boolean;
  readonly settings: PlaceSettings;
}

/** The settings of a service. Refusals: `service.unknown`. */
export function nameService(
  { settings }: SettingsSnapshot,
  service: string,
): Result<ServiceSettings> {
  const found = Object.hasOwn(settings.services, service) ? settings.services[service] : undefined;
  if (found !== undefined) return ok(found);
  const known = Object.keys(settings.services).sort();
  return no(
    refusal(
      'service.unknown',
      `There is no service “${service}”.${odd(service)}`,
      suggestion(service, known, 'services'),
    ),
  );
}

/** That an environment exists. Refusals: `environment.unknown`. */
export function nameEnvironment(
  { settings }: SettingsSnapshot,
  environment: string,
): Result<string> {
  if (Object.hasOwn(settings.environments, environment)) return ok(environment);
  const known = Object.keys(settings.environments).sort();
  return no(
    refusal(
      'environment.unknown',
      `There is no environment “${environment}”.${odd(environment)}`,
      `${suggestion(environment, known, 'environments')} A reason begins with “because”.`,
    ),
  );
}

/**
 * The place of a service and an environment. Without one it is the service's default, else the
 * first on its path, but never production unless the settings say so.
 * Refusals: `service.unknown`, `environment.unknown`, `environment.not_for_service`, `command.syntax`.
 */
export function namePlace(
  snapshot: SettingsSnapshot,
  service: string,
  environment: string | undefined,
): Result<NamedPlace> {
  const found = nameService(snapshot, service);
  if (!found.ok) return found;
  const chosen =
    environment === undefined
      ? defaultEnvironment(snapshot, service, found.value)
      : nameEnvironment(snapshot, environment);
  if (!chosen.ok) return chosen;
  const settings = snapshot.lookup.place(service, chosen.value);
  if (settings === null) {
    return no(
      refusal(
        'environment.not_for_service',
        `${service} does not run in ${chosen.value}.`,
        `It runs in ${snapshot.lookup.path(service).join(', ')}.`,
      ),
    );
  }
  return ok({ service, environment: chosen.value, assumed: environment === undefined, settings });
}

function defaultEnvironment(
  { settings, lookup }: SettingsSnapshot,
  service: string,
  own: ServiceSettings,
): Result<string> {
  if (own.defaultEnvironment !== undefined) return ok(own.defaultEnvironment);
  const path = lookup.path(service);
  const [first] = path;
  if (first !== undefined && settings.environments[first]?.production !== true) return ok(first);
  return no(
    refusal(
      'command.syntax',
      `Say where: ${service} runs in ${path.join(', ')}, and production is never assumed.`,
      `Add, for example, “to ${first ?? 'production'}”.`,
    ),
  );
}

/** Look-alikes cannot be seen: they are named. */
function odd(name: string): string {
  const found = [...name].find((character) => !/^[a-z0-9-]$/.test(character));
  if (found === undefined) return '';
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return ` It has the character “${found}” (U+${code}); names have a–z, 0–9 and hyphens.`;
}
