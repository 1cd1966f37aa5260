import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { Secret } from '#core/secret.ts';
import { parseChallenge } from './challenge.ts';
import {
  type Answer,
  type Ask,
  fetchAnswer,
  invalid,
  parseJson,
  type Write,
} from './fetch-answer.ts';
import type { Reaching } from './options.ts';

export interface Connection {
  /**
   * Asks the registry, with a token if it wants one: 200 or 404. `path` begins with a slash.
   * @throws Fault `registry.unavailable` when it does not answer, refuses the credentials or asks
   *   to slow down; `registry.invalid` when its answer is too long or leads elsewhere
   */
  get(path: string, accept: readonly string[]): Promise<Answer>;
  /**
   * Has the registry keep something: an answer of the 200s. `address` may be a whole one that the
   * registry named; credentials go to its own host alone. Faults as above.
   */
  write(address: string, write: Write): Promise<Answer>;
}

const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** Speaks to one registry. Credentials go to it and to its token hosts, and nowhere else. */
export function connect(options: Reaching, secret: Secret | undefined): Connection {
  const base = new URL(options.url);
  const tokenHosts = new Set([base.host, ...options.tokenHosts]);
  const timeoutMs = options.timeout * 1000;
  /** By repository, as long as the process lives: a refusal makes a new one. */
  const tokens = new Map<string, string>();

  function ownCredentials(): string | null {
    if (secret === undefined || options.credentials === 'none') return null;
    if (options.credentials === 'token') return `Bearer ${secret.reveal()}`;
    return `Basic ${Buffer.from(`${options.username ?? ''}:${secret.reveal()}`).toString('base64')}`;
  }

  /** What the registry wants to see after it said 401 (distribution: token authentication). */
  async function authorise(refusal: Answer): Promise<string> {
    const challenge = parseChallenge(refusal.headers.get('www-authenticate'));
    const own = ownCredentials();
    if (challenge?.scheme === 'basic' && own !== null) return own;
    if (challenge?.scheme !== 'bearer') throw refused('it asks for credentials that are not set');
    const answer = await fetchAnswer(tokenAddress(challenge.parameters), {
      authorization: own,
      timeoutMs,
    });
    if (answer.status !== 200) throw refused(`its token service answered ${answer.status}`);
    const told = Token.safeParse(parseJson(answer.body));
    const token = told.success ? (told.data.token ?? told.data.access_token) : undefined;
    if (token === undefined) throw refused('its token service gave no token');
    return `Bearer ${token}`;
  }

  function tokenAddress(parameters: Readonly<Record<string, string>>): URL {
    const { realm = '', service, scope } = parameters;
    const url = URL.canParse(realm) ? new URL(realm) : null;
    if (url?.protocol !== base.protocol || !tokenHosts.has(url.host)) {
      throw invalid(`It sends credentials to ${url?.host ?? 'nowhere'}, which is no token host`);
    }
    if (service !== undefined) url.searchParams.set('service', service);
    if (scope !== undefined) url.searchParams.set('scope', scope);
    return url;
  }

  function refused(because: string): Fault {
    return new Fault('registry.unavailable', `The registry ${base.host} refuses: ${because}`, {
      retryable: false,
    });
  }

  function troubled(answer: Answer): Fault {
    const { status, headers } = answer;
    if (status === 401 || status === 403) return refused(`it answered ${status}`);
    const after = Number(headers.get('retry-after'));
    return new Fault('registry.unavailable', `The registry ${base.host} answered ${status}`, {
      retryable: status === 429 || status >= 500,
      ...(after > 0 ? { retryAfterMs: Math.min(after, 600) * 1000 } : {}),
    });
  }

  /** Asks with the token that is held for the repository; with a new one where that is refused. */
  async function exchange(address: string, more: Omit<Ask, 'authorization' | 'timeoutMs'>) {
    const url = new URL(address, base);
    const ask = { ...more, timeoutMs };
    if (url.origin !== base.origin) {
      if (url.protocol === base.protocol) return fetchAnswer(url, { ...ask, authorization: null });
      throw invalid('It leads to an address that is not safe');
    }
    const repository = url.pathname.split('/').slice(0, -2).join('/');
    const answer = await fetchAnswer(url, {
      ...ask,
      authorization: tokens.get(repository) ?? null,
    });
    if (answer.status !== 401) return answer;
    const authorization = await authorise(answer);
    tokens.set(repository, authorization);
    return fetchAnswer(url, { ...ask, authorization });
  }

  return {
    async get(path, accept) {
      const answer = await exchange(path, { accept: accept.join(', ') });
      if (answer.status === 200 || answer.status === 404) return answer;
      throw troubled(answer);
    },
    async write(address, write) {
      const answer = await exchange(address, { write });
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw troubled(answer);
    },
  };
}
