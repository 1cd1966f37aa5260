import { createServer } from 'node:http';

interface PeerCommit {
  readonly id: string;
  readonly message: string;
  /** Number of the merge request in whose branch it was made; 0 for none. */
  readonly branch: number;
}

/** What may go wrong: answers with a status, with something else than JSON, or with a redirect. */
export type GitLabFault =
  | { readonly status: number; readonly location?: string }
  | 'hang'
  | 'garbage'
  | null;

/**
 * One project (`acme/tools/shop`) of a GitLab, strict about the encoded path, the token and what
 * it is asked for. https://docs.gitlab.com/api/rest/#namespaced-paths
 */
export async function startGitLabPeer(options: { readonly token: string }) {
  const commits: PeerCommit[] = [];
  const tags = new Map<string, number>();
  const requests = new Map<
    number,
    { readonly title: string; readonly description: string | null }
  >();
  const tokens: (string | undefined)[] = [];
  let fault: GitLabFault = null;

  const at = (ref: string | null) =>
    tags.get(ref ?? '') ?? commits.findIndex(({ id }) => id === ref);

  function compared(from: string | null, to: string | null): Said {
    const [older, newer] = [at(from), at(to)];
    if (older < 0 || newer < 0) return { status: 404, body: {} };
    return {
      status: 200,
      body: {
        web_url: `https://gitlab.example/acme/tools/shop/-/compare/${from}...${to}`,
        commits: commits.slice(older + 1, newer + 1).map(({ id, message }) => ({
          id,
          message,
          author_name: 'Ada',
          committed_date: `2026-11-19T${id.slice(-2)}:00:00.000+01:00`,
          web_url: `https://gitlab.example/commit/${id}`,
        })),
      },
    };
  }

  function said(path: string, query: URLSearchParams): Said {
    const base = '/api/v4/projects/acme%2Ftools%2Fshop';
    if (!path.startsWith(`${base}/`)) return { status: 404, body: {} };
    const rest = path.slice(base.length);
    if (rest === '/repository/compare') return compared(query.get('from'), query.get('to'));
    const found = /^\/merge_requests\/(\d+)(\/commits)?$/.exec(rest);
    const iid = Number(found?.[1]);
    const request = requests.get(iid);
    if (request === undefined) return { status: 404, body: {} };
    if (found?.[2] !== undefined) {
      const own = commits.filter(({ branch }) => branch === iid);
      return { status: 200, body: own.map(({ id }) => ({ id })) };
    }
    const url = `https://gitlab.example/acme/tools/shop/-/merge_requests/${iid}`;
    const author = { username: 'grace' };
    return { status: 200, body: { iid, ...request, source_branch: 'fix', web_url: url, author } };
  }

  const server = createServer((incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://gitlab');
    const token = incoming.headers['private-token'];
    tokens.push(typeof token === 'string' ? token : undefined);
    if (fault === 'hang') return;
    if (fault === 'garbage') {
      response.writeHead(200).end('<html>proxy</html>');
      return;
    }
    const right = token === options.token;
    const answer = fault ?? (right ? said(pathname, searchParams) : { status: 401, body: {} });
    const location = 'location' in answer ? { location: answer.location } : {};
    response.writeHead(answer.status, { 'content-type': 'application/json', ...location });
    response.end(JSON.stringify('body' in answer ? answer.body : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    tokens,
    commit(message: string, tag?: string, branch = 0): void {
      const hour = String(commits.length).padStart(2, '0');
      commits.push({ id: hour.padStart(40, 'a'), message, branch });
      if (tag !== undefined) tags.set(tag, commits.length - 1);
    },
    request: (iid: number, request: { title: string; description: string | null }) =>
      void requests.set(iid, request),
    fail: (next: GitLabFault) => {
      fault = next;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Said {
  readonly status: number;
  readonly body: object;
}
