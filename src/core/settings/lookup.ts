import { canonicalJson, type Sha256 } from '#core/canonical.ts';
import type { PlaceSettings } from './place-settings.ts';
import { policyOf } from './policy.ts';
import type { Settings } from './settings.ts';

export type { PlaceSettings } from './place-settings.ts';

/** Questions about the settings that need no I/O. */
export interface RegistryLookup {
  /** Null when the service is not configured for the environment. */
  place(service: string, environment: string): PlaceSettings | null;
  /** Environments of a service from first to last along the path. */
  path(service: string): readonly string[];
  /** The environment of the service that comes after; null at the end. */
  next(service: string, environment: string): string | null;
  /** The environment of the service that comes before; null at the first. */
  previous(service: string, environment: string): string | null;
  /** Digest of everything in the settings that binds a rollout in the place. */
  policyDigest(service: string, environment: string): string;
}

/** Builds the lookup of one settings snapshot. */
export function createLookup(settings: Settings, sha256: Sha256): RegistryLookup {
  const order = environmentOrder(settings);

  function place(service: string, environment: string): PlaceSettings | null {
    const serviceSettings = settings.services[service];
    const environmentSettings = settings.environments[environment];
    const own = serviceSettings?.environments[environment];
    if (serviceSettings === undefined || environmentSettings === undefined || own === undefined) {
      return null;
    }
    return {
      service,
      environment,
      serviceSettings,
      environmentSettings,
      waves: own.waves,
      strategy: own.strategy ?? environmentSettings.strategy,
      analysis: own.analysis ?? environmentSettings.analysis ?? null,
      gates: environmentSettings.gates,
    };
  }

  function path(service: string): readonly string[] {
    const own = settings.services[service]?.environments ?? {};
    return order.filter((environment) => own[environment] !== undefined);
  }

  function neighbour(service: string, environment: string, step: 1 | -1): string | null {
    const along = path(service);
    const index = along.indexOf(environment);
    return index < 0 ? null : (along[index + step] ?? null);
  }

  return {
    place,
    path,
    next: (service, environment) => neighbour(service, environment, 1),
    previous: (service, environment) => neighbour(service, environment, -1),
    policyDigest(service, environment) {
      const found = place(service, environment);
      if (found === null) return sha256('signalbox-policy-v1\0null');
      return sha256(`signalbox-policy-v1\0${canonicalJson(policyOf(settings, found))}`);
    },
  };
}

/** Environments so that each stands after the one it names; ties by name. Cycles end up at the end. */
export function environmentOrder(settings: Settings): readonly string[] {
  const left = new Map(Object.entries(settings.environments).sort(([a], [b]) => (a < b ? -1 : 1)));
  const ordered: string[] = [];
  while (left.size > 0) {
    const ready = [...left].find(([, { after }]) => after === undefined || !left.has(after));
    const name = ready?.[0] ?? [...left.keys()][0] ?? '';
    ordered.push(name);
    left.delete(name);
  }
  return ordered;
}
