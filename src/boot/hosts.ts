import { resolve } from 'node:path';
import { createGit, GitHost } from '#adapters/git/index.ts';
import { createGitHub, GitHubHost } from '#adapters/github/index.ts';
import { createGitLab, GitLabHost } from '#adapters/gitlab/index.ts';
import type { Environment } from '#core/settings/environment.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { ChangeSource } from '#ports/change-source.ts';

type Tokens = Pick<
  Environment,
  'SIGNALBOX_GIT_TOKEN' | 'SIGNALBOX_GITHUB_TOKEN' | 'SIGNALBOX_GITLAB_TOKEN' | 'SIGNALBOX_DATA'
>;

/** Git hosts by the names of the settings. An unknown name is a bug: the boot has checked them. */
export function createHosts(
  settings: () => Settings,
  tokens: Tokens,
): (name: string) => ChangeSource {
  /** By name, with the options it was made for. */
  const made = new Map<string, { readonly of: unknown; readonly source: ChangeSource }>();

  return (name) => {
    const named = settings().hosts[name];
    if (named === undefined) throw new Error(`There is no Git host ${name}`);
    const known = made.get(name);
    if (known !== undefined && known.of === named.options) return known.source;
    const source = sourceOf(named, tokens);
    made.set(name, { of: named.options, source });
    return source;
  };
}

function sourceOf({ adapter, options }: Settings['hosts'][string], tokens: Tokens): ChangeSource {
  if (adapter === 'github') {
    const token = tokens.SIGNALBOX_GITHUB_TOKEN?.reveal() ?? null;
    return createGitHub(GitHubHost.parse(options), token);
  }
  if (adapter === 'gitlab') {
    const token = tokens.SIGNALBOX_GITLAB_TOKEN?.reveal() ?? null;
    return createGitLab(GitLabHost.parse(options), token);
  }
  if (adapter === 'git') {
    const token = tokens.SIGNALBOX_GIT_TOKEN?.reveal() ?? null;
    return createGit(GitHost.parse(options), token, resolve(tokens.SIGNALBOX_DATA, 'git'));
  }
  throw new Error(`There is no adapter ${adapter}`);
}
