import { Octokit, type RestEndpointMethodTypes } from '@octokit/rest';
import type { Commit, PullRequest } from '#core/changes/commit.ts';
import type { ChangeSource } from '#ports/change-source.ts';
import type { GitHubHost } from './options.ts';
import { toFault } from './to-fault.ts';

type Compared = RestEndpointMethodTypes['repos']['compareCommitsWithBasehead']['response']['data'];

/** Per page, the most that GitHub gives; and pages at most: 500 commits. */
const pageSize = 100;
const pagesAtMost = 5;
/** Pull requests that are read for one comparison, and how many beside each other. */
const pullsAtMost = 60;
const atOnce = 6;

/**
 * Reads commits and pull requests of GitHub. Without a token only what is public, and slowly.
 * One answer may take `patienceMs`.
 */
export function createGitHub(
  options: GitHubHost,
  token: string | null,
  patienceMs = 8000,
): ChangeSource {
  const octokit = new Octokit({
    baseUrl: options.url.replace(/\/$/, ''),
    userAgent: 'signalbox',
    ...(token === null ? {} : { auth: token }),
    // Its own log would print addresses and bodies.
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });

  async function comparison(owner: string, repo: string, basehead: string) {
    const commits: Compared['commits'] = [];
    let first: Compared | null = null;
    for (let page = 1; page <= pagesAtMost; page += 1) {
      const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
        owner,
        repo,
        basehead,
        per_page: pageSize,
        page,
        request: { signal: AbortSignal.timeout(patienceMs) },
      });
      first ??= data;
      commits.push(...data.commits);
      if (commits.length >= data.total_commits || data.commits.length === 0) break;
    }
    return { first, commits };
  }

  async function pull(owner: string, repo: string, number: number): Promise<PullRequest | null> {
    try {
      const { data } = await octokit.rest.pulls.get({
        owner,
        repo,
        pull_number: number,
        request: { signal: AbortSignal.timeout(patienceMs) },
      });
      return {
        number,
        title: data.title,
        body: data.body ?? '',
        author: data.user.login,
        branch: data.head.ref,
        url: data.html_url,
      };
    } catch (error) {
      const fault = toFault(error);
      // A number in a title need not be a pull request of this repository.
      if (fault.code === 'changes.unreadable') return null;
      throw fault;
    }
  }

  async function pulls(owner: string, repo: string, numbers: readonly number[]) {
    const found = new Map<number, PullRequest>();
    const left = numbers.slice(0, pullsAtMost);
    while (left.length > 0) {
      const some = await Promise.all(left.splice(0, atOnce).map((one) => pull(owner, repo, one)));
      for (const one of some) if (one !== null) found.set(one.number, one);
    }
    return found;
  }

  /** A merge brings the commits of its branch one by one: they belong to its pull request. */
  async function commitsOf(
    owner: string,
    repo: string,
    number: number,
  ): Promise<readonly string[]> {
    const { data } = await octokit.rest.pulls.listCommits({
      owner,
      repo,
      pull_number: number,
      per_page: pageSize,
      request: { signal: AbortSignal.timeout(patienceMs) },
    });
    return data.map(({ sha }) => sha);
  }

  async function belonging(owner: string, repo: string, merges: readonly PullRequest[]) {
    const of = new Map<string, PullRequest>();
    const left = [...merges];
    while (left.length > 0) {
      const some = left.splice(0, atOnce);
      const lists = await Promise.all(some.map(({ number }) => commitsOf(owner, repo, number)));
      for (const [index, merge] of some.entries()) {
        for (const sha of lists[index] ?? []) of.set(sha, merge);
      }
    }
    return of;
  }

  return {
    async compare({ repository, from, to }) {
      const [owner = '', repo = ''] = repository.split('/');
      try {
        const { first, commits } = await comparison(owner, repo, `${from}...${to}`);
        const numbers = [
          ...new Set(commits.flatMap(({ commit }) => pullNumber(commit.message) ?? [])),
        ];
        const known = await pulls(owner, repo, numbers.toReversed());
        const merges = commits.flatMap(
          ({ commit }) => known.get(mergeNumber(commit.message)) ?? [],
        );
        const owners = await belonging(owner, repo, merges);
        return {
          commits: commits.map((one) => toCommit(one, known, owners)),
          ahead: first?.ahead_by ?? 0,
          behind: first?.behind_by ?? 0,
          url: first?.html_url ?? null,
        };
      } catch (error) {
        throw toFault(error);
      }
    },
  };
}

function toCommit(
  one: Compared['commits'][number],
  pulls: ReadonlyMap<number, PullRequest>,
  owners: ReadonlyMap<string, PullRequest>,
): Commit {
  const { sha, commit, author, html_url: url } = one;
  const number = pullNumber(commit.message);
  const at = Date.parse(commit.committer?.date ?? commit.author?.date ?? '');
  return {
    id: sha,
    message: commit.message,
    author: author?.login ?? commit.author?.name ?? 'unknown',
    at: Number.isNaN(at) ? null : at,
    url,
    pull: (number === null ? undefined : pulls.get(number)) ?? owners.get(sha) ?? null,
  };
}

/** The number that GitHub writes into the first line of what it merges or squashes. */
function pullNumber(message: string): number | null {
  const merge = mergeNumber(message);
  if (merge !== 0) return merge;
  const [title = ''] = message.split('\n', 1);
  const found = /\(#(\d{1,9})\)\s*$/.exec(title);
  return found?.[1] === undefined ? null : Number(found[1]);
}

/** The number of the pull request that a merge commit brought in; 0 for any other commit. */
function mergeNumber(message: string): number {
  return Number(/^Merge pull request #(\d{1,9}) from /.exec(message)?.[1] ?? 0);
}
