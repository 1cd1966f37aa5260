import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RawRequest } from '#ports/http-host.ts';

/** Slack's own window, and how far its clock may be ahead of ours; seconds. */
const oldestSeconds = 300;
const aheadSeconds = 60;

/**
 * Whether a request was signed by Slack just now (docs.slack.dev/authentication/verifying-requests-from-slack):
 * `v0=` and the HMAC-SHA256 of `v0:{timestamp}:{raw body}`. `secrets`: the one in force, and during
 * a rotation the one before.
 */
export function isSigned(request: RawRequest, secrets: readonly string[], now: number): boolean {
  const stamp = request.headers['x-slack-request-timestamp'] ?? '';
  const given = request.headers['x-slack-signature'] ?? '';
  if (!/^\d{1,12}$/.test(stamp) || !/^v0=[0-9a-f]{64}$/.test(given)) return false;
  const age = now / 1000 - Number(stamp);
  if (age > oldestSeconds || age < -aheadSeconds) return false;
  return secrets.some((secret) => {
    const hmac = createHmac('sha256', secret).update(`v0:${stamp}:`).update(request.body);
    return timingSafeEqual(Buffer.from(`v0=${hmac.digest('hex')}`), Buffer.from(given));
  });
}
