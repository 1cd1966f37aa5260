import { didYouMean } from '#core/did-you-mean.ts';
import { refusal } from '#core/refusal.ts';
import type { Artifact } from '#core/release.ts';
import { no, ok, type Result } from '#core/result.ts';
import type { ServiceSettings } from '#core/settings/settings.ts';
import type { World } from './world.ts';

/** Versions that are compared with a mistyped one. */
const compared = 100;

/**
 * Resolves a version to its digest, by the registry, now. Ask before opening a transaction.
 * Refusals: `version.unknown`.
 * @throws Fault `registry.unavailable`, `registry.invalid`
 */
export async function nameVersion(
  world: World,
  service: string,
  settings: ServiceSettings,
  version: string,
): Promise<Result<Artifact>> {
  const registry = world.registry(settings.registry);
  const artifact = await registry.resolve(service, settings.repository, version);
  if (artifact !== null) return ok(artifact);
  const known = await registry.list(service, settings.repository, compared);
  const versions = known.map((one) => one.version);
  const near = didYouMean(version, versions);
  const newest = versions.slice(0, 5).join(', ');
  const next =
    near !== null
      ? `Did you mean “${near}”?`
      : newest === ''
        ? 'The registry has no version of it yet.'
        : `The newest are ${newest}.`;
  return no(refusal('version.unknown', `The registry has no ${service} ${version}.`, next));
}
