import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '#core/fault.ts';
import type { Clock } from '#ports/clock.ts';
import type { Log } from '#ports/log.ts';
import type { DiscordOptions } from './options.ts';
import type { Json } from './plain-text.ts';
import {
  DefaultRestOptions,
  RateLimitError,
  REST,
  type RESTOptions,
  RequestMethod,
} from './sdk.ts';

/** One request of ours. */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: `/${string}`;
  readonly body?: Json | readonly Json[];
  readonly query?: Readonly<Record<string, string>>;
  readonly files?: readonly { readonly name: string; readonly data: Uint8Array }[];
  /** False where the path itself is the credential: interactions. */
  readonly auth?: boolean;
  /** For questions: how long to wait for a bucket, in milliseconds, instead of failing at once. */
  readonly patienceMs?: number;
}

export interface DiscordRest {
  /** @throws what the SDK throws; nothing is sent twice, and only the patient wait for a bucket */
  ask(asked: Asked): Promise<unknown>;
  /** For the SDK's own calls, such as asking for the gateway. */
  readonly options: Partial<RESTOptions>;
}

/** Discord bans an address after 10,000 refused requests in ten minutes; we stop long before. */
const refusedMax = 1_000;
const windowMs = 600_000;

/** What the circuit is asked before, and told after, every request of the process. */
interface Circuit {
  check(): void;
  refused(): void;
}

function createCircuit(clock: Clock, log: Log): Circuit {
  let refusals: number[] = [];
  let told = false;
  const recent = (): number => {
    refusals = refusals.filter((at) => at > clock.now() - windowMs);
    return refusals.length;
  };
  return {
    check() {
      if (recent() < refusedMax) {
        told = false;
        return;
      }
      if (!told) log.error('Discord refused too many requests: none is sent for a while', {});
      told = true;
      throw new Fault('chat.unavailable', 'Too many requests were refused by Discord', {
        retryable: true,
        retryAfterMs: 60_000,
      });
    },
    refused: () => void refusals.push(clock.now()),
  };
}

export function createRest(parts: {
  readonly token: string;
  readonly options: Pick<DiscordOptions, 'api' | 'requestsPerSecond'>;
  readonly clock: Clock;
  readonly log: Log;
}): DiscordRest {
  const circuit = createCircuit(parts.clock, parts.log);
  const options: Partial<RESTOptions> = {
    api: parts.options.api,
    globalRequestsPerSecond: parts.options.requestsPerSecond,
    version: '10',
    timeout: 10_000,
    // A repetition after a 5xx posts a second time.
    retries: 0,
    // The delivery loop paces; a waiting queue would hold up a whole channel.
    rejectOnRateLimit: () => true,
    async makeRequest(url, init) {
      circuit.check();
      const response = await DefaultRestOptions.makeRequest(url, init);
      const { status, headers } = response;
      const shared = headers.get('x-ratelimit-scope') === 'shared';
      if (status === 401 || status === 403 || (status === 429 && !shared)) circuit.refused();
      return status === 429 ? refusalOf(response) : response;
    },
  };
  const rest = new REST(options);
  // Answers to people are outside the global limit; the SDK would count them in.
  const answers = new REST({ ...options, globalRequestsPerSecond: Number.POSITIVE_INFINITY });

  async function once({ method, path, body, query, files, auth }: Asked): Promise<unknown> {
    // The SDK forgets its token after a single 401.
    rest.setToken(parts.token);
    return (auth === false ? answers : rest).request({
      method: methods[method],
      fullRoute: path,
      ...(body === undefined ? {} : { body }),
      ...(query === undefined ? {} : { query: new URLSearchParams(query) }),
      ...(files === undefined
        ? {}
        : {
            files: files.map(({ name, data }) => ({
              name,
              data: Buffer.from(data),
              contentType: 'image/png',
            })),
          }),
      auth: auth ?? true,
    });
  }

  async function patiently(asked: Asked, left: number): Promise<unknown> {
    try {
      return await once(asked);
    } catch (error) {
      if (!(error instanceof RateLimitError) || error.retryAfter > left) throw error;
      const wait = Math.max(10, error.retryAfter);
      await pause(wait);
      return patiently(asked, left - wait);
    }
  }

  return { options, ask: (asked) => patiently(asked, asked.patienceMs ?? 0) };
}

type Answer = Awaited<ReturnType<RESTOptions['makeRequest']>>;

/**
 * A message that is too old to edit is refused with 429 too: the SDK would take it for a matter of
 * pace and hold up every edit of the channel. It becomes the plain refusal that it is.
 */
async function refusalOf(answer: Answer): Promise<Answer> {
  const text = await answer.text();
  const tooOld = /"code"\s*:\s*30046\b/.test(text);
  if (!tooOld) return new Response(text, { status: answer.status, headers: [...answer.headers] });
  return new Response(text, { status: 400, headers: { 'content-type': 'application/json' } });
}

const methods: Readonly<Record<Asked['method'], RequestMethod>> = {
  GET: RequestMethod.Get,
  POST: RequestMethod.Post,
  PATCH: RequestMethod.Patch,
  PUT: RequestMethod.Put,
  DELETE: RequestMethod.Delete,
};
