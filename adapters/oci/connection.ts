import { z } from 'zod';
import { Fault } from '#core/fault.ts';
import type { Secret } from '#core/secret.ts';
import { parseChallenge } from './challenge.ts';
import { type Answer, fetchAnswer, invalid, parseJson } from './fetch-answer.ts';
import type { OciRegistry } from './options.ts';

export interface Connection {
  /**
   * Asks the registry, with a token if it wants one: 200 or 404. `path` begins with a slash.
   * @throws Fault `registry.unavailable` when it does not answer, refuses the credentials or asks
   *   to slow down; `registry.invalid` when its answer is too long or leads elsewhere
   */
  get(path: string, accept: readonly string[]): Promise<Answer>;
}

const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** Speaks to one registry. Credentials go to it and to its token hosts, and nowhere else. */
export function connect(options: OciRegistry, secret: Secret | undefined): Connection {
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

  return {
    async get(path, accept) {
      const url = new URL(path, base);
      const repository = path.split('/').slice(0, -2).join('/');
      const ask = { accept: accept.join(', '), timeoutMs };
      const held = tokens.get(repository) ?? null;
      let answer = await fetchAnswer(url, { ...ask, authorization: held });
      if (answer.status === 401) {
        const authorization = await authorise(answer);
        tokens.set(repository, authorization);
        answer = await fetchAnswer(url, { ...ask, authorization });
      }
      if (answer.status === 200 || answer.status === 404) return answer;
      throw troubled(answer);
    },
  };
}
