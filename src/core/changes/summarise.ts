import type { Change, ChangeList } from './change-list.ts';
import type { Commit, Comparison } from './commit.ts';
import { riskSection } from './risk-section.ts';

export interface ListRules {
  readonly from: string;
  readonly to: string;
  /** Where tickets are, with `{ticket}` in it; null when they have no page. */
  readonly ticketUrl: string | null;
}

const changesAtMost = 50;
const authorsAtMost = 50;
const ticketsAtMost = 10;
/** A title as it is kept, in characters. */
const longestTitle = 140;

/**
 * Commits as changes: those of one pull request are one, merges without one are none, newest first.
 */
export function summarise(compared: Comparison, rules: ListRules): ChangeList {
  const newestFirst = compared.commits.toReversed();
  const seen = new Set<number>();
  const changes: Change[] = [];
  for (const commit of newestFirst) {
    if (commit.pull === null && isMerge(commit.message)) continue;
    if (commit.pull !== null) {
      if (seen.has(commit.pull.number)) continue;
      seen.add(commit.pull.number);
    }
    changes.push(changeOf(commit, newestFirst, rules));
  }
  const authors = [...new Set(changes.map(({ author }) => author))];
  const times = compared.commits.flatMap(({ at }) => at ?? []);
  return {
    from: rules.from,
    to: rules.to,
    changes: changes.slice(0, changesAtMost),
    more:
      Math.max(0, changes.length - changesAtMost) +
      Math.max(0, compared.ahead - compared.commits.length),
    commits: compared.ahead,
    lost: compared.behind,
    authors: authors.slice(0, authorsAtMost),
    committedAt: times.length === 0 ? null : Math.max(...times),
    url: compared.url,
  };
}

function changeOf(commit: Commit, all: readonly Commit[], rules: ListRules): Change {
  const { pull } = commit;
  const own = pull === null ? [commit] : all.filter((one) => one.pull?.number === pull.number);
  const texts = [
    ...(pull === null ? [] : [pull.title, pull.branch.toUpperCase(), pull.body]),
    ...own.map(({ message }) => message),
  ];
  const title = pull === null ? firstLine(commit.message) : pull.title;
  return {
    title: title.length > longestTitle ? `${title.slice(0, longestTitle - 1)}…` : title,
    author: pull === null ? commit.author : pull.author,
    pull: pull?.number ?? null,
    commit: commit.id.slice(0, 10),
    url: pull?.url ?? commit.url,
    tickets: ticketsOf(texts, rules.ticketUrl),
    risk: riskSection(pull === null ? commit.message : pull.body),
  };
}

/** Ticket ids such as `SHOP-123`, each once, in the order in which they are named. */
function ticketsOf(texts: readonly string[], url: string | null): Change['tickets'] {
  const found = texts.flatMap((text) => [...text.matchAll(/\b[A-Z][A-Z0-9]{1,9}-[1-9]\d{0,6}\b/g)]);
  const ids = [...new Set(found.map(([id]) => id))].filter((id) => !notTickets.test(id));
  return ids.slice(0, ticketsAtMost).map((id) => ({
    id,
    url: url === null ? null : url.replaceAll('{ticket}', encodeURIComponent(id)),
  }));
}

/** Names that look like tickets and are standards. */
const notTickets = /^(?:UTF|SHA|ISO|RFC|CVE|MD|AES|RSA|TLS|HTTP)-/;

function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.trim() ?? '';
}

function isMerge(message: string): boolean {
  return /^Merge (?:branch|remote-tracking branch|tag|pull request) /.test(message);
}
