import { createHmac } from 'node:crypto';
import { mountAlertWebhooks } from '#adapters/webhooks/index.ts';
import type { AlertNotice } from '#core/alerts/alert.ts';
import { ok } from '#core/result.ts';
import type { AlertIntake } from '#ports/alert-intake.ts';
import type { RawRequest, RawResponse, RawRoute } from '#ports/http-host.ts';
import { silentLog as silent } from '../silent.ts';

export const token = 'an-alert-token-of-some-length';
/** The one that is about to take its place. */
export const laterToken = 'the-alert-token-of-tomorrow';
export const pagerDutySecret = 'a-pagerduty-secret-of-some-length';
/** Of another subscription. */
export const otherSecret = 'the-secret-of-another-subscription';

/** The alert webhooks without a server: requests go straight to their routes. */
export function webhookDoor(accept?: AlertIntake['accept']) {
  const taken: AlertNotice[] = [];
  const routes = new Map<string, RawRoute>();
  const refusals: string[] = [];
  const intake: AlertIntake = {
    accept:
      accept ??
      (async (notice) => {
        taken.push(notice);
        return ok({ fresh: true });
      }),
  };
  mountAlertWebhooks(
    { route: (route) => routes.set(route.path, route) },
    {
      intake,
      log: silent,
      telemetry: {
        count: (_name, labels) => refusals.push(labels?.['code'] ?? ''),
        gauge() {},
        observe() {},
      },
    },
    { tokens: [token, laterToken], pagerDuty: [pagerDutySecret, otherSecret] },
  );

  async function post(
    path: string,
    body: string | Uint8Array,
    headers: Readonly<Record<string, string>> = { authorization: `Bearer ${token}` },
  ): Promise<RawResponse> {
    const route = routes.get(path);
    if (route === undefined) throw new Error(`no route ${path}`);
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const request: RawRequest = {
      method: 'POST',
      path,
      query: '',
      headers,
      body: bytes,
      remote: '127.0.0.1',
    };
    return route.handle(request);
  }

  return { taken, refusals, routes, post };
}

/** The header by which PagerDuty signs a body. */
export function signed(body: string, secret = pagerDutySecret): Record<string, string> {
  return {
    'x-pagerduty-signature': `v1=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
}

/** A payload as Alertmanager 0.25 and later send it. */
export function alertmanagerPayload(over: Record<string, unknown> = {}, alert = {}) {
  return {
    version: '4',
    groupKey: '{}:{alertname="HighErrorRate"}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'signalbox',
    groupLabels: { alertname: 'HighErrorRate' },
    commonLabels: { alertname: 'HighErrorRate', service: 'shop', severity: 'critical' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example:9093',
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'HighErrorRate', service: 'shop', severity: 'critical' },
        annotations: { summary: '12 % fail', runbook_url: 'https://runbooks.example/errors' },
        startsAt: '2026-11-20T09:00:00.123Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://prometheus.example:9090/graph?g0.expr=up',
        fingerprint: '0011223344556677',
        ...alert,
      },
    ],
    ...over,
  };
}
