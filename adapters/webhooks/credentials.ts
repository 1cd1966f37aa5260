import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { RawRequest } from '#ports/http-host.ts';

/** Whether a request shows the token as `Authorization: Bearer …`. Takes as long for every wrong one. */
export function showsToken({ headers }: Pick<RawRequest, 'headers'>, token: string): boolean {
  const given = /^Bearer +(\S{1,1000})$/i.exec(headers['authorization'] ?? '')?.[1];
  // Digests are of one length whatever was given.
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/**
 * Whether one of the signatures of PagerDuty fits the bytes: `v1=<hex HMAC-SHA256>`, several while
 * a secret is being changed.
 */
export function isSignedByPagerDuty(
  { headers, body }: Pick<RawRequest, 'headers' | 'body'>,
  secret: string,
): boolean {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = (headers['x-pagerduty-signature'] ?? '').split(',').slice(0, 10);
  return given.some((one) => {
    const hex = /^\s*v1=([0-9a-f]{64})\s*$/i.exec(one)?.[1];
    return hex !== undefined && timingSafeEqual(Buffer.from(hex, 'hex'), expected);
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
