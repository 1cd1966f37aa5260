import { createPublicKey, verify } from 'node:crypto';
import type { Clock } from '#ports/clock.ts';
import type { HttpHost, RawRequest, RawResponse } from '#ports/http-host.ts';
import type { Log } from '#ports/log.ts';
import type { Taken } from './intake.ts';

/** A signed request older, or further ahead, than this is refused. */
const windowMs = 5 * 60_000;

/**
 * The interactions endpoint. Nothing is parsed before the Ed25519 signature over the timestamp and
 * the raw body was checked: Discord itself sends bad ones to find out.
 */
export function addHttpRoute(parts: {
  readonly http: HttpHost;
  readonly path: string;
  readonly publicKey: string;
  readonly clock: Clock;
  /** The id of our application: nothing that was sent to another one is taken. */
  readonly application: () => Promise<string>;
  readonly log: Log;
  readonly take: (body: unknown) => Promise<Taken>;
  readonly store: (taken: Taken) => Promise<void>;
}): void {
  const key = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'OKP',
      crv: 'Ed25519',
      x: Buffer.from(parts.publicKey, 'hex').toString('base64url'),
    },
  });

  function isSigned({ headers, body }: RawRequest): boolean {
    const signature = headers['x-signature-ed25519'] ?? '';
    const timestamp = headers['x-signature-timestamp'] ?? '';
    if (!/^[0-9a-f]{128}$/i.test(signature) || !/^\d{1,12}$/.test(timestamp)) return false;
    if (Math.abs(Number(timestamp) * 1000 - parts.clock.now()) > windowMs) return false;
    const signed = Buffer.concat([Buffer.from(timestamp), body]);
    return verify(null, signed, key, Buffer.from(signature, 'hex'));
  }

  async function ownId(): Promise<string | null> {
    try {
      return await parts.application();
    } catch (error) {
      parts.log.warn('Discord does not say which application this is', { error });
      return null;
    }
  }

  async function handle(request: RawRequest): Promise<RawResponse> {
    if (!isSigned(request)) return said(401, { error: 'invalid request signature' });
    const body = jsonIn(request.body);
    if (body === null) return said(400, { error: 'unreadable' });
    if (body['type'] === 1) return said(200, { type: 1 });
    const own = await ownId();
    if (own === null) return said(503, { error: 'Discord does not answer' });
    if (body['application_id'] !== own) return said(401, { error: 'another application' });
    const taken = await parts.take(body);
    // The answer goes out now; what follows edits it.
    void parts.store(taken);
    return said(200, taken.answer);
  }

  parts.http.route({ method: 'POST', path: parts.path, limitBytes: 1_000_000, handle });
}

function jsonIn(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? { ...read } : null;
  } catch {
    return null;
  }
}

function said(status: number, body: object): RawResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
