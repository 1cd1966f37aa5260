import { createServer, type IncomingMessage } from 'node:http';

interface PeerCommit {
  readonly sha: string;
  readonly message: string;
  /** Number of the pull request in whose branch it was made; 0 for none. */
  readonly branch: number;
}

interface PeerPull {
  readonly title: string;
  readonly body: string | null;
}

interface Said {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const notFound: Said = { status: 404, body: { message: 'Not Found' } };

/** What may go wrong: answers with a status, or never. */
export type GitHubFault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | 'hang'
  | 'garbage'
  | null;

/**
 * One repository of a GitHub that is as strict as it documents: a user agent and a known media type
 * on each call, a token where one is wanted, pages of at most 100, references that exist.
 * https://docs.github.com/en/rest/commits/commits#compare-two-commits
 */
export async function startGitHubPeer(options: { readonly token: string | null }) {
  const commits: PeerCommit[] = [];
  const tags = new Map<string, number>();
  const pulls = new Map<number, PeerPull>();
  const asked: string[] = [];
  let fault: GitHubFault = null;

  function refusalOf({ headers }: IncomingMessage): Said | null {
    const { authorization, accept = '', 'user-agent': agent = '' } = headers;
    if (agent === '') return { status: 403, body: { message: 'a user agent is required' } };
    if (!accept.startsWith('application/vnd.github')) return { status: 415, body: {} };
    const right = options.token === null || authorization === `token ${options.token}`;
    return right ? null : { status: 401, body: { message: 'Bad credentials' } };
  }

  function said(request: IncomingMessage): Said {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://github');
    const path = decodeURIComponent(pathname);
    asked.push(path);
    const refused = refusalOf(request);
    if (refused !== null) return refused;
    const compare = /^\/repos\/acme\/shop\/compare\/(.+)\.\.\.(.+)$/.exec(path);
    if (compare !== null) return compared(compare[1], compare[2], searchParams);
    const own = /^\/repos\/acme\/shop\/pulls\/(\d+)\/commits$/.exec(path);
    if (own !== null) return ownCommits(Number(own[1]));
    const pull = /^\/repos\/acme\/shop\/pulls\/(\d+)$/.exec(path);
    return pull === null ? notFound : pulled(Number(pull[1]));
  }

  function at(ref: string | undefined): number {
    return tags.get(ref ?? '') ?? commits.findIndex(({ sha }) => sha === ref);
  }

  function compared(
    base: string | undefined,
    head: string | undefined,
    query: URLSearchParams,
  ): Said {
    const [from, to] = [at(base), at(head)];
    if (from < 0 || to < 0) return notFound;
    const size = Number(query.get('per_page') ?? 30);
    const page = Number(query.get('page') ?? 1);
    if (size > 100 || size < 1 || page < 1) return { status: 422, body: {} };
    const ahead = commits.slice(from + 1, to + 1);
    return {
      status: 200,
      body: {
        html_url: `https://github.example/acme/shop/compare/${base}...${head}`,
        ahead_by: ahead.length,
        behind_by: Math.max(0, from - to),
        total_commits: ahead.length,
        commits: ahead.slice((page - 1) * size, page * size).map(({ sha, message }) => ({
          sha,
          html_url: `https://github.example/acme/shop/commit/${sha}`,
          author: null,
          commit: {
            message,
            author: { name: 'Ada', date: '2026-11-19T09:00:00Z' },
            committer: { name: 'GitHub', date: '2026-11-19T10:00:00Z' },
          },
        })),
      },
    };
  }

  function ownCommits(number: number): Said {
    const own = commits.filter(({ branch }) => branch === number);
    return { status: 200, body: own.map(({ sha }) => ({ sha })) };
  }

  function pulled(number: number): Said {
    const pull = pulls.get(number);
    if (pull === undefined) return notFound;
    return {
      status: 200,
      body: {
        number,
        ...pull,
        html_url: `https://github.example/acme/shop/pull/${number}`,
        user: { login: 'grace' },
        head: { ref: `fix-${number}` },
      },
    };
  }

  const server = createServer((request, response) => {
    if (fault === 'hang') return;
    if (fault === 'garbage') {
      response.writeHead(200).end('<html>proxy</html>');
      return;
    }
    const { status, body, headers } = fault === null ? said(request) : { ...fault, body: {} };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    commit(message: string, tag?: string, branch = 0): void {
      commits.push({ sha: String(commits.length).padStart(40, 'a'), message, branch });
      if (tag !== undefined) tags.set(tag, commits.length - 1);
    },
    pull: (number: number, pull: PeerPull) => void pulls.set(number, pull),
    fail: (next: GitHubFault) => {
      fault = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
