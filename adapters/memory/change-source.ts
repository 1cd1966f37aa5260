import type { Commit } from '#core/changes/commit.ts';
import { Fault } from '#core/fault.ts';
import type { ChangeSource } from '#ports/change-source.ts';

/** A Git host in memory: one line of commits per repository, and what may go wrong with it. */
export function createMemoryChanges() {
  const lines = new Map<string, Commit[]>();
  const tags = new Map<string, string>();
  let fault: Fault | null = null;

  function place(repository: string, ref: string): number {
    const commits = lines.get(repository) ?? [];
    const id = tags.get(`${repository} ${ref}`) ?? ref;
    const at = commits.findIndex((commit) => commit.id === id);
    if (at < 0) {
      throw new Fault('changes.unreadable', `There is no ${ref} in ${repository}.`, {
        retryable: false,
      });
    }
    return at;
  }

  const source: ChangeSource = {
    async compare({ repository, from, to }) {
      if (fault !== null) throw fault;
      const older = place(repository, from);
      const newer = place(repository, to);
      const commits = (lines.get(repository) ?? []).slice(older + 1, newer + 1);
      return {
        commits: commits.slice(0, 500),
        ahead: commits.length,
        behind: Math.max(0, older - newer),
        url: `https://git.example/${repository}/compare/${from}...${to}`,
      };
    },
  };
  return {
    source,
    world: {
      /** Adds a commit at the end of the line; `tag` names it. */
      commit(repository: string, commit: Commit, tag?: string): void {
        lines.set(repository, [...(lines.get(repository) ?? []), commit]);
        if (tag !== undefined) tags.set(`${repository} ${tag}`, commit.id);
      },
      fail(next: Fault | null): void {
        fault = next;
      },
    },
  };
}
