import type { AlertNotice, WebhookSource } from '#core/alerts/alert.ts';
import { Fault } from '#core/fault.ts';
import { type Refusal, refusal } from '#core/refusal.ts';
import type { AlertIntake } from '#ports/alert-intake.ts';
import type { HttpHost, RawRequest, RawResponse } from '#ports/http-host.ts';
import type { Log } from '#ports/log.ts';
import type { Telemetry } from '#ports/telemetry.ts';
import { readAlertmanager } from './alertmanager.ts';
import { isSignedByPagerDuty, showsToken } from './credentials.ts';
import { type PagerDutyReading, readPagerDuty } from './pagerduty.ts';

export { type MutualTlsListener, openMutualTls } from './mutual-tls.ts';

/** Alertmanager sends up to a few hundred alerts at once. */
const limitBytes = 2_000_000;

/** What the doors of alerts need. */
export interface WebhookParts {
  readonly intake: AlertIntake;
  readonly log: Log;
  readonly telemetry: Telemetry;
}

type Read = (body: unknown) => PagerDutyReading;

const readers: Readonly<Record<WebhookSource, Read>> = {
  alertmanager: (body) => readAlertmanager(body, 'alertmanager'),
  grafana: (body) => readAlertmanager(body, 'grafana'),
  pagerduty: readPagerDuty,
};

/**
 * Mounts the webhooks whose secrets are known: `/webhooks/alertmanager` and `/webhooks/grafana` for
 * any of the bearer tokens, `/webhooks/pagerduty` for any of the signing secrets, of which each
 * subscription has its own. Nothing is parsed before the
 * sender was verified; a notice is acknowledged when it is durable.
 * @throws Error when a secret is empty
 */
export function mountAlertWebhooks(
  http: HttpHost,
  parts: WebhookParts,
  secrets: { readonly tokens: readonly string[]; readonly pagerDuty: readonly string[] },
): void {
  const { tokens, pagerDuty } = secrets;
  for (const secret of [...tokens, ...pagerDuty]) {
    if (secret.trim().length < 16) {
      throw new Error('A secret of the alert webhooks has fewer than 16 characters');
    }
  }
  if (tokens.length > 0) {
    for (const source of ['alertmanager', 'grafana'] as const) {
      mount(http, parts, source, (request) =>
        tokens.some((token) => showsToken(request, token)) ? null : noToken,
      );
    }
  }
  if (pagerDuty.length > 0) {
    mount(http, parts, 'pagerduty', (request) =>
      pagerDuty.some((secret) => isSignedByPagerDuty(request, secret)) ? null : badSignature,
    );
  }
}

/** Mounts the webhooks on a door whose senders are known by their certificates. */
export function mountTrustedWebhooks(http: HttpHost, parts: WebhookParts): void {
  for (const source of ['alertmanager', 'grafana'] as const) mount(http, parts, source, () => null);
}

function mount(
  http: HttpHost,
  parts: WebhookParts,
  source: WebhookSource,
  verify: (request: RawRequest) => Refusal | null,
): void {
  http.route({
    method: 'POST',
    path: `/webhooks/${source}`,
    limitBytes,
    async handle(request) {
      const doubt = verify(request);
      const refused = (why: Refusal, status: number): RawResponse => {
        parts.telemetry.count('alert_refusals_total', { source, code: why.code });
        parts.log.warn('An alert webhook was refused', {
          source,
          code: why.code,
          remote: request.remote,
        });
        return answer(status, why);
      };
      if (doubt !== null) return refused(doubt, 401);
      const notice = readers[source](jsonIn(request.body));
      if (notice === null) return refused(unreadable, 400);
      if (notice === 'ignored') return answer(200, { fresh: false });
      return take(parts, notice, refused);
    },
  });
}

async function take(
  { intake, log }: WebhookParts,
  notice: AlertNotice,
  refused: (why: Refusal, status: number) => RawResponse,
): Promise<RawResponse> {
  try {
    const accepted = await intake.accept(notice);
    if (accepted.ok) return answer(200, accepted.value);
    // Senders try again on 5xx. PagerDuty drops the rest, and after three drops sends nothing for a
    // day: only what no repetition could mend may be answered otherwise.
    const mendable = accepted.refusal.code !== 'alert.unknown_receiver';
    return refused(accepted.refusal, mendable ? 503 : 403);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    log.warn('An alert could not be taken in yet', { source: notice.source, error });
    return answer(503, { code: error.code });
  }
}

const noToken = refusal(
  'access.unauthenticated',
  'The request shows no valid bearer token.',
  'Give the sender the token of SIGNALBOX_ALERT_TOKEN.',
);
const badSignature = refusal(
  'request.bad_signature',
  'No signature of the request fits its bytes.',
  'Give SIGNALBOX_PAGERDUTY_SECRET the secret of the webhook subscription.',
);
const unreadable = refusal(
  'request.unreadable',
  'The body is no notice of the kind that this address takes.',
  'Send Alertmanager webhooks of version 4, Grafana alerting webhooks, or PagerDuty webhooks of version 3.',
);

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}

function answer(status: number, body: object): RawResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
