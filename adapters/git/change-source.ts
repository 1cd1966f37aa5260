import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Commit } from '#core/changes/commit.ts';
import { Fault } from '#core/fault.ts';
import type { ChangeSource } from '#ports/change-source.ts';
import type { GitHost } from './options.ts';
import { createRunGit, unavailable } from './run-git.ts';

const commitsAtMost = 500;
/** The first copy of a history may be large; everything after it is quick. In milliseconds. */
const clonePatienceMs = 120_000;
const patienceMs = 20_000;

/**
 * Reads the history of any Git repository, through a copy without files that is kept below
 * `folder`. It knows no pull requests. Needs `git`; the copy is made anew when it is lost.
 */
export function createGit(options: GitHost, token: string | null, folder: string): ChangeSource {
  const git = createRunGit(token, folder);
  /** One at a time for each copy: git locks it. */
  const turns = new Map<string, Promise<unknown>>();

  async function copyOf(remote: string): Promise<string> {
    const copy = join(folder, createHash('sha256').update(remote).digest('hex').slice(0, 24));
    if (existsSync(copy)) return copy;
    await mkdir(folder, { recursive: true });
    const fresh = `${copy}.${process.pid}`;
    await rm(fresh, { recursive: true, force: true });
    const made = await git(
      ['clone', '--quiet', '--bare', '--filter=blob:none', '--', remote, fresh],
      clonePatienceMs,
    );
    if (!made.ok) throw unreadable('Git cannot copy the repository: check its name and the token.');
    await rename(fresh, copy).catch(() => rm(fresh, { recursive: true, force: true }));
    return copy;
  }

  async function commitAt(copy: string, ref: string): Promise<string | null> {
    const found = await git(
      ['-C', copy, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
      patienceMs,
    );
    return found.ok ? found.out.trim() : null;
  }

  async function fetched(copy: string): Promise<void> {
    const done = await git(
      ['-C', copy, 'fetch', '--quiet', '--tags', '--force', 'origin', '+refs/heads/*:refs/heads/*'],
      patienceMs,
    );
    if (!done.ok) throw unavailable('Git cannot reach the repository.');
  }

  async function count(copy: string, range: string): Promise<number> {
    const counted = await git(['-C', copy, 'rev-list', '--count', range, '--'], patienceMs);
    if (!counted.ok) throw unreadable('Git cannot compare the two.');
    return Number(counted.out.trim());
  }

  async function compare(remote: string, from: string, to: string) {
    const copy = await copyOf(remote);
    const known = [await commitAt(copy, from), await commitAt(copy, to)];
    if (known.includes(null)) await fetched(copy);
    const older = known[0] ?? (await commitAt(copy, from));
    const newer = known[1] ?? (await commitAt(copy, to));
    if (older === null || newer === null) {
      throw unreadable(`The repository has no ${older === null ? from : to}.`);
    }
    const range = `${older}..${newer}`;
    const log = await git(
      ['-C', copy, 'log', `--max-count=${commitsAtMost}`, `--format=${format}`, range, '--'],
      patienceMs,
    );
    if (!log.ok) throw unreadable('Git cannot list what lies between the two.');
    return {
      commits: commitsIn(log.out).toReversed(),
      ahead: await count(copy, range),
      behind: await count(copy, `${newer}..${older}`),
      url: null,
    };
  }

  return {
    compare({ repository, from, to }) {
      const remote = `${options.url.replace(/\/$/, '')}/${repository}${options.suffix}`;
      const before = turns.get(remote) ?? Promise.resolve();
      const turn = before.then(() => compare(remote, from, to));
      turns.set(
        remote,
        turn.catch(() => undefined),
      );
      return turn;
    },
  };
}

/** Fields end with a unit separator, commits with a record separator: no message has them. */
const format = '%H%x1f%an%x1f%ct%x1f%B%x1e';

function commitsIn(log: string): readonly Commit[] {
  return log.split('\x1e').flatMap((record) => {
    const [id = '', author = '', seconds = '', message = ''] = record.trimStart().split('\x1f');
    if (id === '') return [];
    const at = Number(seconds) * 1000;
    return [{ id, author, at, message: message.trimEnd(), url: null, pull: null }];
  });
}

function unreadable(message: string): Fault {
  return new Fault('changes.unreadable', message, { retryable: false });
}
