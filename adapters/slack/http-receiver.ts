import type { App, Receiver } from '@slack/bolt';
import type { Clock } from '#ports/clock.ts';
import type { HttpHost, RawRequest, RawResponse } from '#ports/http-host.ts';
import { isSigned } from './signature.ts';

/** The largest delivery of Slack is a form of 250 kB. */
const limitBytes = 1_000_000;
/** Slack waits for three seconds. */
const deadlineMs = 2_500;

/**
 * Receives over HTTP on the process's own server, through the one route there is. Nothing is parsed
 * before the signature over the raw bytes was checked. A delivery that nobody acknowledged is
 * answered with 503, so that Slack sends an event again.
 */
export function createHttpReceiver(parts: {
  readonly http: HttpHost;
  readonly path: string;
  readonly secrets: readonly string[];
  readonly clock: Clock;
}): Receiver {
  if (parts.secrets.length === 0 || parts.secrets.some((secret) => secret.trim().length < 8)) {
    throw new Error('Slack over HTTP needs a signing secret');
  }
  let app: App | null = null;

  async function handle(request: RawRequest): Promise<RawResponse> {
    if (!isSigned(request, parts.secrets, parts.clock.now())) return answer(401, 'bad signature');
    const body = bodyOf(request);
    if (body === null) return answer(400, 'unreadable');
    if (body['ssl_check'] !== undefined) return answer(200, '');
    if (body['type'] === 'url_verification') {
      return answer(200, JSON.stringify({ challenge: body['challenge'] }));
    }
    return dispatched(body);
  }

  async function dispatched(body: Readonly<Record<string, unknown>>): Promise<RawResponse> {
    const owner = app;
    if (owner === null) return answer(503, 'starting');
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<RawResponse>((resolve) => {
      deadline = setTimeout(() => resolve(answer(503, 'not in time')), deadlineMs);
    });
    const acknowledged = new Promise<RawResponse>((resolve) => {
      const ack = async (said?: unknown): Promise<void> => {
        const text =
          typeof said === 'string' || said === undefined ? (said ?? '') : JSON.stringify(said);
        resolve(answer(200, text));
      };
      owner.processEvent({ body, ack }).then(
        () => resolve(answer(503, 'not acknowledged')),
        () => resolve(answer(503, 'not acknowledged')),
      );
    });
    const first = await Promise.race([acknowledged, late]);
    clearTimeout(deadline);
    return first;
  }

  parts.http.route({ method: 'POST', path: parts.path, limitBytes, handle });
  return {
    init(next) {
      app = next;
    },
    start: async () => undefined,
    async stop() {
      app = null;
    },
  };
}

/** A JSON body, or a form whose `payload` is JSON, or a form; null for anything else. */
function bodyOf({ headers, body }: RawRequest): Readonly<Record<string, unknown>> | null {
  const text = new TextDecoder().decode(body);
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim();
  if (type === 'application/json') return recordIn(text);
  if (type !== 'application/x-www-form-urlencoded') return null;
  const form = Object.fromEntries(new URLSearchParams(text));
  return form['payload'] === undefined ? form : recordIn(form['payload']);
}

function recordIn(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : null;
  } catch {
    return null;
  }
}

function answer(status: number, body: string): RawResponse {
  const type = body.startsWith('{') ? 'application/json' : 'text/plain';
  return { status, headers: { 'content-type': `${type}; charset=utf-8` }, body };
}
