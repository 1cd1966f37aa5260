import { createGitHub, GitHubHost } from '#adapters/github/index.ts';
import type { Environment } from '#core/settings/environment.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { ChangeSource } from '#ports/change-source.ts';

/** Git hosts by the names of the settings. An unknown name is a bug: the boot has checked them. */
export function createHosts(
  settings: () => Settings,
  environment: Pick<Environment, 'SIGNALBOX_GITHUB_TOKEN'>,
): (name: string) => ChangeSource {
  /** By name, with the options it was made for. */
  const made = new Map<string, { readonly of: unknown; readonly source: ChangeSource }>();

  return (name) => {
    const named = settings().hosts[name];
    if (named?.adapter !== 'github') throw new Error(`There is no Git host ${name}`);
    const known = made.get(name);
    if (known !== undefined && known.of === named.options) return known.source;
    const token = environment.SIGNALBOX_GITHUB_TOKEN?.reveal() ?? null;
    const source = createGitHub(GitHubHost.parse(named.options), token);
    made.set(name, { of: named.options, source });
    return source;
  };
}
