import type { IncomingMessage } from 'node:http';
import { type AgentOptions, Agent as HttpsAgent, request as overHttps } from 'node:https';
import { Fault } from '#core/fault.ts';
import type { Files } from './files.ts';
import type { PrometheusMetrics } from './options.ts';
import type { PrometheusSecrets } from './secrets.ts';

// By name: an `import` reads all that Node's HTTP offers, and so loads the WebSocket of browsers, a
// tenth of what a start costs.
const { Agent: HttpAgent, request: overHttp } = process.getBuiltinModule('node:http');

/** What came back: a status and a body within the limit. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Of the server's clock, epoch milliseconds, to the second; null when it says no time. */
  readonly at: number | null;
}

export interface Transport {
  /**
   * Posts a form and gives the whole answer, whatever its status. Redirects are not followed: they
   * would carry the credentials away.
   * @throws Fault `metrics.unavailable` (connection, time), `metrics.invalid` (too long, redirect)
   */
  post(url: string, form: Readonly<Record<string, string>>): Promise<Answer>;
  /** The same, for what can only be got. */
  get(url: string): Promise<Answer>;
  close(): void;
}

/** HTTP with the credentials and certificates of some options. */
export function createTransport(
  options: PrometheusMetrics,
  secrets: PrometheusSecrets,
  files: Files,
): Transport {
  const plain = new HttpAgent({ keepAlive: true, maxSockets: options.concurrency });
  let secure: { readonly mark: string; readonly agent: HttpsAgent } | null = null;

  /** The agent with the certificates as they are now. */
  async function secureAgent(): Promise<HttpsAgent> {
    const { ca, certificate, key, serverName } = options.tls;
    const read = (path: string | undefined) => (path === undefined ? undefined : files.read(path));
    const [authorities, own, ownKey] = await Promise.all([read(ca), read(certificate), read(key)]);
    const mark = [authorities, own, ownKey].join('\0');
    if (secure?.mark === mark) return secure.agent;
    const settings: AgentOptions = { keepAlive: true, maxSockets: options.concurrency };
    if (authorities !== undefined) settings.ca = authorities;
    if (own !== undefined) settings.cert = own;
    if (ownKey !== undefined) settings.key = ownKey;
    if (serverName !== undefined) settings.servername = serverName;
    secure?.agent.destroy();
    secure = { mark, agent: new HttpsAgent(settings) };
    return secure.agent;
  }

  async function authorization(): Promise<string | null> {
    const { auth } = options;
    if (auth.kind === 'none') return null;
    const given = auth.kind === 'bearer' ? secrets.token : secrets.password;
    const secret = auth.file === undefined ? given : (await files.read(auth.file)).trim();
    if (secret === null || secret === '') {
      const name = auth.kind === 'bearer' ? 'TOKEN' : 'PASSWORD';
      throw new Fault('metrics.unavailable', `SIGNALBOX_PROMETHEUS_${name} is not set`, {
        retryable: false,
      });
    }
    if (auth.kind === 'bearer') return `Bearer ${secret}`;
    return `Basic ${Buffer.from(`${auth.user}:${secret}`).toString('base64')}`;
  }

  async function ask(method: 'GET' | 'POST', url: string, body: string): Promise<Answer> {
    const secret = await authorization();
    const headers = {
      ...options.headers,
      accept: 'application/json',
      'accept-encoding': 'identity',
      ...(method === 'GET'
        ? {}
        : {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': String(Buffer.byteLength(body)),
          }),
      'user-agent': 'signalbox',
      ...(secret === null ? {} : { authorization: secret }),
    };
    const isSecure = url.startsWith('https:');
    const agent = isSecure ? await secureAgent() : plain;
    const send = isSecure ? overHttps : overHttp;
    const signal = AbortSignal.timeout(options.timeout * 1000);
    const once = (again: boolean): Promise<Answer> =>
      new Promise<Answer>((resolve, reject) => {
        const fail = (cause: unknown): void => reject(faultOf(cause, options.timeout));
        const request = send(url, { method, agent, headers, signal }, (response) => {
          collect(response, options.limitBytes).then(resolve, fail);
        });
        request.once('error', (cause) => {
          // A kept connection may have been closed just as it was used: that says nothing.
          if (again && request.reusedSocket && isReset(cause)) once(false).then(resolve, reject);
          else fail(cause);
        });
        request.end(body);
      });
    return once(true);
  }

  return {
    post: (url, form) => ask('POST', url, new URLSearchParams(form).toString()),
    get: (url) => ask('GET', url, ''),
    close() {
      plain.destroy();
      secure?.agent.destroy();
    },
  };
}

async function collect(response: IncomingMessage, limitBytes: number): Promise<Answer> {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    response.destroy();
    throw new Fault(
      'metrics.invalid',
      `it answers with a redirect (${status}): name the last URL`,
      {
        retryable: false,
      },
    );
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limitBytes) {
      response.destroy();
      throw new Fault('metrics.invalid', `its answer is longer than ${limitBytes} bytes`, {
        retryable: false,
      });
    }
    chunks.push(bytes);
  }
  const at = Date.parse(response.headers.date ?? '');
  const body = Buffer.concat(chunks).toString('utf8');
  return { status, body, at: Number.isNaN(at) ? null : at };
}

function isReset(cause: Error): boolean {
  return 'code' in cause && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE');
}

function faultOf(cause: unknown, timeoutSeconds: number): unknown {
  if (cause instanceof Fault) return cause;
  if (!(cause instanceof Error)) return cause;
  if (cause.name === 'AbortError' || cause.name === 'TimeoutError') {
    const message = `it did not answer within ${timeoutSeconds} s`;
    return new Fault('metrics.unavailable', message, { retryable: true, cause });
  }
  const code = 'code' in cause ? String(cause.code) : cause.name;
  const message = `it cannot be reached (${code})`;
  return new Fault('metrics.unavailable', message, { retryable: true, cause });
}
