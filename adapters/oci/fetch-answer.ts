import { Fault } from '#core/fault.ts';

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export interface Ask {
  readonly accept?: string;
  /** Sent to the origin of the first address alone: it survives no redirect to another. */
  readonly authorization: string | null;
  readonly timeoutMs: number;
  /** What is written, and how; nothing is when it is absent. */
  readonly write?: Write;
}

/** Something that a registry is to keep. */
export interface Write {
  readonly method: 'POST' | 'PUT';
  readonly type?: string;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** The longest manifest that registries have to take, and so the longest answer that is read. */
const maxBytes = 4 * 1024 * 1024;
const maxRedirects = 3;

/**
 * Asks an address and follows where it leads, by the same protocol only. What is written stays
 * where it was sent.
 * @throws Fault `registry.unavailable` when nothing answers; `registry.invalid` when the answer is
 *   too long or leads somewhere unsafe
 */
export async function fetchAnswer(first: URL, ask: Ask): Promise<Answer> {
  let url = first;
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const answer = await fetchOnce(url, ask, url.origin === first.origin);
    const location = answer.headers.get('location');
    if (ask.write !== undefined) return answer;
    if (answer.status < 300 || answer.status > 399 || location === null) return answer;
    const next = URL.canParse(location, url) ? new URL(location, url) : null;
    if (next?.protocol !== first.protocol) throw invalid('It leads to an address that is not safe');
    url = next;
  }
  throw invalid('It leads from one address to the next');
}

async function fetchOnce(url: URL, ask: Ask, trusted: boolean): Promise<Answer> {
  const headers = {
    ...(ask.accept === undefined ? {} : { accept: ask.accept }),
    ...(ask.write?.type === undefined ? {} : { 'content-type': ask.write.type }),
    ...(trusted && ask.authorization !== null ? { authorization: ask.authorization } : {}),
  };
  try {
    const signal = AbortSignal.timeout(ask.timeoutMs);
    const { method = 'GET', body = null } = ask.write ?? {};
    const response = await fetch(url, { method, body, headers, redirect: 'manual', signal });
    return { status: response.status, headers: response.headers, body: await readWhole(response) };
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('registry.unavailable', `The registry at ${url.host} does not answer`, {
      retryable: true,
      cause: error,
    });
  }
}

async function readWhole(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw invalid('Its answer is longer than 4 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A registry that says what cannot be trusted; asking again does not help. */
export function invalid(message: string): Fault {
  return new Fault('registry.invalid', message, { retryable: false });
}

/** JSON from bytes; undefined when it is none. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
