import { z } from 'zod';
import type { Commit, PullRequest } from '#core/changes/commit.ts';
import { Fault } from '#core/fault.ts';
import type { ChangeSource } from '#ports/change-source.ts';
import { createGitLabApi } from './api.ts';
import type { GitLabHost } from './options.ts';

const Compared = z.object({
  commits: z.array(
    z.object({
      id: z.string(),
      message: z.string(),
      author_name: z.string(),
      committed_date: z.iso.datetime({ offset: true }).optional(),
      created_at: z.iso.datetime({ offset: true }).optional(),
      web_url: z.string().optional(),
    }),
  ),
  web_url: z.string().optional(),
});
type Found = z.infer<typeof Compared>['commits'][number];

const MergeRequest = z.object({
  iid: z.number().int(),
  title: z.string(),
  description: z.string().nullable(),
  source_branch: z.string(),
  web_url: z.string(),
  author: z.object({ username: z.string() }),
});

const OwnCommits = z.array(z.object({ id: z.string() }));

const commitsAtMost = 500;
/** Merge requests that are read for one comparison, and how many beside each other. */
const requestsAtMost = 60;
const atOnce = 6;

/**
 * Reads commits and merge requests of GitLab. Without a token only what is public. One answer may
 * take `patienceMs`. https://docs.gitlab.com/api/repositories/#compare-branches-tags-or-commits
 */
export function createGitLab(
  options: GitLabHost,
  token: string | null,
  patienceMs = 8000,
): ChangeSource {
  const api = createGitLabApi(options.url, token, patienceMs);

  function compared(project: string, from: string, to: string) {
    const query = new URLSearchParams({ from, to, straight: 'false' });
    return api.get(`${project}/repository/compare?${query}`, Compared);
  }

  async function request(project: string, iid: number): Promise<PullRequest | null> {
    try {
      const found = await api.get(`${project}/merge_requests/${iid}`, MergeRequest);
      return {
        number: found.iid,
        title: found.title,
        body: found.description ?? '',
        author: found.author.username,
        branch: found.source_branch,
        url: found.web_url,
      };
    } catch (error) {
      // What a message says need not be a merge request of this project.
      if (error instanceof Fault && error.code === 'changes.unreadable') return null;
      throw error;
    }
  }

  /** By commit, the merge request through which it came. */
  async function requestsOf(project: string, commits: readonly Found[]) {
    const of = new Map<string, PullRequest>();
    const merges = commits.filter(({ message }) => requestNumber(message) !== null);
    const left = merges.slice(-requestsAtMost);
    while (left.length > 0) {
      await Promise.all(
        left.splice(0, atOnce).map(async ({ id, message }) => {
          const iid = requestNumber(message) ?? 0;
          const found = await request(project, iid);
          if (found === null) return;
          const own = await api.get(
            `${project}/merge_requests/${iid}/commits?per_page=100`,
            OwnCommits,
          );
          for (const one of [id, ...own.map((commit) => commit.id)]) of.set(one, found);
        }),
      );
    }
    return of;
  }

  return {
    async compare({ repository, from, to }) {
      const project = `/projects/${encodeURIComponent(repository)}`;
      const forward = await compared(project, from, to);
      const back = await compared(project, to, from);
      const ordered = forward.commits.toSorted((a, b) => (timeOf(a) ?? 0) - (timeOf(b) ?? 0));
      const kept = ordered.slice(-commitsAtMost);
      const requests = await requestsOf(project, kept);
      return {
        commits: kept.map((commit) => toCommit(commit, requests.get(commit.id) ?? null)),
        ahead: forward.commits.length,
        behind: back.commits.length,
        url: forward.web_url ?? null,
      };
    },
  };
}

function toCommit(found: Found, pull: PullRequest | null): Commit {
  const { id, message, author_name: author, web_url: url = null } = found;
  return { id, message, author, at: timeOf(found), url, pull };
}

function timeOf({ committed_date: committed, created_at: created }: Found): number | null {
  const text = committed ?? created;
  return text === undefined ? null : Date.parse(text);
}

/** The number that GitLab writes into the last line of what it merges or squashes. */
function requestNumber(message: string): number | null {
  const found = /^See merge request [\w./-]*!(\d{1,9})\s*$/m.exec(message);
  return found?.[1] === undefined ? null : Number(found[1]);
}
