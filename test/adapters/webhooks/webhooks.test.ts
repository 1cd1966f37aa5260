import { describe, expect, it } from 'vitest';
import { mountAlertWebhooks } from '#adapters/webhooks/index.ts';
import { Fault } from '#core/fault.ts';
import { refusal } from '#core/refusal.ts';
import { no } from '#core/result.ts';
import { silentLog as silent } from '../silent.ts';
import {
  alertmanagerPayload,
  laterToken,
  otherSecret,
  pagerDutySecret,
  signed,
  token,
  webhookDoor,
} from './door.ts';

const good = JSON.stringify(alertmanagerPayload());

describe('who may send alerts', () => {
  it.each([
    ['no header', {}],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['a token that begins right', { authorization: `Bearer ${token}x` }],
    ['a part of the token', { authorization: `Bearer ${token.slice(0, -1)}` }],
    ['basic authentication', { authorization: `Basic ${btoa(`x:${token}`)}` }],
    ['the token twice, joined', { authorization: `Bearer ${token}, Bearer ${token}` }],
    ['the token under another header', { 'x-auth': `Bearer ${token}` }],
    ['a signature of PagerDuty', signed(good)],
  ])('refuses %s', async (_, headers) => {
    const door = webhookDoor();
    for (const path of ['/webhooks/alertmanager', '/webhooks/grafana']) {
      expect((await door.post(path, good, headers)).status).toBe(401);
    }
    expect(door.taken).toEqual([]);
    expect(door.refusals).toEqual(['access.unauthenticated', 'access.unauthenticated']);
  });

  const incident = JSON.stringify(incidentPayload());
  it.each([
    ['none', {}],
    ['one of another secret', signed(incident, 'another-secret-of-some-length')],
    ['one of other bytes', signed(`${incident} `)],
    ['one that is too short', { 'x-pagerduty-signature': 'v1=00' }],
    ['one of another version', { 'x-pagerduty-signature': `v0=${'0'.repeat(64)}` }],
    ['the bearer token', { authorization: `Bearer ${token}` }],
  ])('refuses PagerDuty with a signature: %s', async (_, headers) => {
    const door = webhookDoor();
    expect((await door.post('/webhooks/pagerduty', incident, headers)).status).toBe(401);
    expect(door.taken).toEqual([]);
    expect(door.refusals).toEqual(['request.bad_signature']);
  });

  it('takes any of several signatures while a secret is being changed', async () => {
    const door = webhookDoor();
    const mine = signed(incident)['x-pagerduty-signature'];
    const other = signed(incident, 'the-secret-of-tomorrow-is-long')['x-pagerduty-signature'];
    const headers = { 'x-pagerduty-signature': `${other},${mine}` };
    expect((await door.post('/webhooks/pagerduty', incident, headers)).status).toBe(200);
    expect(door.taken).toHaveLength(1);
  });

  it('takes each of the tokens and secrets that it has', async () => {
    const door = webhookDoor();
    const later = { authorization: `Bearer ${laterToken}` };
    expect((await door.post('/webhooks/alertmanager', good, later)).status).toBe(200);
    const other = signed(incident, otherSecret);
    expect((await door.post('/webhooks/pagerduty', incident, other)).status).toBe(200);
    expect(door.taken).toHaveLength(2);
  });

  it.each([
    [{ tokens: [''], pagerDuty: [] }],
    [{ tokens: [token, '        '], pagerDuty: [] }],
    [{ tokens: [], pagerDuty: ['short'] }],
  ])('does not open a door with the secret %j', (secrets) => {
    const parts = {
      intake: { accept: async () => no(refusal('alert.unknown', '', '')) },
      log: silent,
      telemetry: { count() {}, gauge() {}, observe() {} },
    };
    expect(() => mountAlertWebhooks({ route() {} }, parts, secrets)).toThrow(/fewer than 16/);
  });

  it('opens no door without its secret', () => {
    const paths: string[] = [];
    const parts = {
      intake: { accept: async () => no(refusal('alert.unknown', '', '')) },
      log: silent,
      telemetry: { count() {}, gauge() {}, observe() {} },
    };
    const http = { route: ({ path }: { readonly path: string }) => void paths.push(path) };
    mountAlertWebhooks(http, parts, { tokens: [], pagerDuty: [pagerDutySecret] });
    expect(paths).toEqual(['/webhooks/pagerduty']);
  });
});

describe('what senders tell', () => {
  it('is read from Alertmanager', async () => {
    const door = webhookDoor();
    expect((await door.post('/webhooks/alertmanager', good)).status).toBe(200);
    expect(door.taken).toEqual([
      {
        source: 'alertmanager',
        receiver: 'signalbox',
        groupKey: '{}:{alertname="HighErrorRate"}',
        status: 'firing',
        title: 'HighErrorRate',
        url: 'http://alertmanager.example:9093/',
        truncated: 0,
        alerts: [
          {
            fingerprint: '0011223344556677',
            status: 'firing',
            startsAt: Date.parse('2026-11-20T09:00:00.123Z'),
            endsAt: null,
            labels: { alertname: 'HighErrorRate', service: 'shop', severity: 'critical' },
            name: 'HighErrorRate',
            summary: '12 % fail',
            runbook: 'https://runbooks.example/errors',
            url: 'http://prometheus.example:9090/graph?g0.expr=up',
          },
        ],
      },
    ]);
  });

  it.each(['alertmanager', 'grafana', 'pagerduty'] as const)(
    'is stored without what looks like a secret: %s',
    async (source) => {
      const secrets = [
        'xoxb-123456789012-abcdefghijkl',
        'AKIAABCDEFGHIJKLMNOP',
        'ghp_abcdefghijklmnopqrstuvwx',
        'hunter2hunter2',
      ];
      const [bot, cloud, hub, word] = secrets;
      const split = `xo\u200bx${bot?.slice(3)}`;
      const told = `down: ${split} ${cloud} password=${word} <!channel> Bearer ${hub}`;
      const leak = `https://runbooks.example/?token=${word}`;
      const body =
        source === 'pagerduty'
          ? incidentPayload('incident.triggered', 'triggered', {
              title: told,
              html_url: leak,
              service: { id: 'P1', type: 'service_reference', summary: told },
              priority: { id: 'P2', type: 'priority_reference', summary: told },
              urgency: `high ${cloud}`,
            })
          : alertmanagerPayload(
              {
                version: source === 'grafana' ? '1' : '4',
                receiver: told,
                externalURL: leak,
                groupLabels: { alertname: told },
                commonLabels: { alertname: told },
              },
              {
                labels: { alertname: told, instance: told, api_key: word },
                annotations: { summary: told, runbook_url: leak },
                generatorURL: leak,
              },
            );
      const door = webhookDoor();
      const text = JSON.stringify(body);
      const headers = source === 'pagerduty' ? [signed(text)] : [];
      expect((await door.post(`/webhooks/${source}`, text, ...headers)).status).toBe(200);
      // The name of the group is never shown, and stored as a hash only.
      const stored = JSON.stringify(door.taken.map(({ groupKey: _, ...rest }) => rest));
      for (const secret of secrets) expect(stored).not.toContain(secret);
      expect(door.taken[0]?.title).toMatch(
        /^down: \[redacted\] \[redacted\] password=\[redacted\]/,
      );
      // Markup stays text: whoever renders escapes it.
      expect(door.taken[0]?.title).toContain('<!channel>');
      expect(door.taken[0]?.alerts[0]).toMatchObject({ url: null, runbook: null });
    },
  );

  it('is read from Grafana, which adds members and has a version of its own', async () => {
    const door = webhookDoor();
    const body = alertmanagerPayload(
      { version: '1', orgId: 1, title: '[FIRING:1]', state: 'alerting', message: 'x' },
      { values: { A: 1 }, silenceURL: 'https://g.example/s', panelURL: 'https://g.example/d/1' },
    );
    expect((await door.post('/webhooks/grafana', JSON.stringify(body))).status).toBe(200);
    expect(door.taken[0]).toMatchObject({ source: 'grafana', title: 'HighErrorRate' });
    expect(door.taken[0]?.alerts[0]?.url).toBe('https://g.example/d/1');
    expect((await door.post('/webhooks/alertmanager', JSON.stringify(body))).status).toBe(400);
  });

  it.each([
    ['DatasourceNoData', 'grafana', 'DatasourceNoData: Slow cart', true],
    ['DatasourceError', 'grafana', 'DatasourceError: Slow cart', true],
    ['Slow cart', 'grafana', 'Slow cart', undefined],
    ['DatasourceError', 'alertmanager', 'DatasourceError', undefined],
  ])('named %s tells %s blindness apart', async (alertname, source, name, blind) => {
    const door = webhookDoor();
    const labels = { alertname, rulename: 'Slow cart', severity: 'critical' };
    const version = source === 'grafana' ? '1' : '4';
    const body = JSON.stringify(alertmanagerPayload({ version }, { labels }));
    expect((await door.post(`/webhooks/${source}`, body)).status).toBe(200);
    const [alert] = door.taken[0]?.alerts ?? [];
    expect([alert?.name, alert?.blind]).toEqual([name, blind]);
  });

  it.each([
    ['incident.triggered', 'triggered', 'firing', '2026-11-20T09:00:00Z', null],
    ['incident.acknowledged', 'acknowledged', 'firing', '2026-11-20T09:00:00Z', null],
    ['incident.resolved', 'resolved', 'resolved', '2026-11-20T09:00:00Z', '2026-11-20T09:05:00Z'],
    ['incident.reopened', 'triggered', 'firing', '2026-11-20T09:05:00Z', null],
  ])('is read from PagerDuty: %s', async (kind, status, state, starts, ends) => {
    const door = webhookDoor();
    const body = JSON.stringify(incidentPayload(kind, status));
    expect((await door.post('/webhooks/pagerduty', body, signed(body))).status).toBe(200);
    expect(door.taken[0]).toMatchObject({ source: 'pagerduty', status: state, groupKey: 'Q1ABC' });
    expect(door.taken[0]?.alerts[0]).toMatchObject({
      status: state,
      startsAt: Date.parse(starts),
      endsAt: ends === null ? null : Date.parse(ends),
      labels: { severity: 'high', pagerduty_service: 'Shop', pagerduty_service_id: 'P1' },
      url: 'https://acme.pagerduty.example/incidents/Q1ABC',
    });
  });

  it.each([
    ['pagey.ping', { type: 'ping', message: 'hello' }],
    ['incident.annotated', { type: 'incident_note', content: 'looking' }],
    ['service.updated', { type: 'service', id: 'P1' }],
  ])('is acknowledged and left alone where it is no alert: %s', async (kind, data) => {
    const door = webhookDoor();
    const body = JSON.stringify({
      event: { event_type: kind, occurred_at: '2026-11-20T09:05:00Z', data },
    });
    const said = await door.post('/webhooks/pagerduty', body, signed(body));
    expect(said).toMatchObject({ status: 200 });
    expect(door.taken).toEqual([]);
  });

  it('is asked for again while the database is away', async () => {
    const door = webhookDoor(async () => {
      throw new Fault('store.unavailable', 'away', { retryable: true });
    });
    expect((await door.post('/webhooks/alertmanager', good)).status).toBe(503);
  });

  it('is asked for again while the history is in doubt', async () => {
    const door = webhookDoor(async () => no(refusal('system.halted', 'x', 'y')));
    expect((await door.post('/webhooks/alertmanager', good)).status).toBe(503);
  });

  it('is refused with the code of the refusal', async () => {
    const door = webhookDoor(async () => no(refusal('alert.unknown_receiver', 'x', 'y')));
    const said = await door.post('/webhooks/alertmanager', good);
    expect(said.status).toBe(403);
    expect(JSON.parse(String(said.body))).toMatchObject({ code: 'alert.unknown_receiver' });
  });
});

describe('hostile payloads', () => {
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  it.each([
    ['nothing', ''],
    ['no JSON', 'alerts!'],
    ['bytes that are no UTF-8', '\ud800'],
    ['a list', '[]'],
    ['null', 'null'],
    ['nesting without end', deep],
    ['another version', { version: '3' }],
    ['no group', { groupKey: undefined }],
    ['a group key of a megabyte', { groupKey: 'x'.repeat(1_000_000) }],
    ['an unknown status', { status: 'maybe' }],
    ['alerts that are no list', { alerts: {} }],
    ['a fingerprint that is none', { alerts: [{ ...alert(), fingerprint: "'; DROP TABLE" }] }],
    ['an alert without labels that are texts', { alerts: [{ ...alert(), labels: { a: {} } }] }],
    ['negative truncation', { truncatedAlerts: -1 }],
  ])('refuses %s', async (_, over) => {
    const door = webhookDoor();
    const body = typeof over === 'string' ? over : JSON.stringify(alertmanagerPayload(over));
    expect((await door.post('/webhooks/alertmanager', body)).status).toBe(400);
    expect(door.refusals).toEqual(['request.unreadable']);
  });

  it.each([
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['https://user:secret@runbooks.example/', null],
    ['https://runbooks.example/a|b', 'https://runbooks.example/a%7Cb'],
    ['https://runbooks.example/<x>', 'https://runbooks.example/%3Cx%3E'],
    [`https://runbooks.example/${'x'.repeat(1000)}`, null],
    ['//runbooks.example', null],
    ['', null],
  ])('shows the runbook %j as %j', async (url, shown) => {
    const door = webhookDoor();
    const body = alertmanagerPayload({}, { annotations: { runbook_url: url }, generatorURL: url });
    expect((await door.post('/webhooks/alertmanager', JSON.stringify(body))).status).toBe(200);
    expect(door.taken[0]?.alerts[0]).toMatchObject({ runbook: shown, url: shown });
  });

  it('cuts what is too long and drops what cannot be seen', async () => {
    const door = webhookDoor();
    const labels = {
      alertname: `Evil\u202e\n<!channel> @everyone ${'x'.repeat(1_000_000)}`,
      service: 'shop\u200b',
      'not lawful': 'x',
      __proto__: 'x',
      ...Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`label_${at}`, 'y'])),
    };
    const annotations = { summary: 'z'.repeat(5000) };
    const body = alertmanagerPayload(
      { groupLabels: {}, commonLabels: {} },
      { labels, annotations },
    );
    expect((await door.post('/webhooks/alertmanager', JSON.stringify(body))).status).toBe(200);
    const [one] = door.taken[0]?.alerts ?? [];
    expect(one?.name).toMatch(/^Evil <!channel> @everyone x+…$/);
    expect(one?.name.length).toBeLessThanOrEqual(200);
    expect(one?.summary.length).toBeLessThanOrEqual(300);
    expect(Object.keys(one?.labels ?? {})).toHaveLength(40);
    expect(one?.labels['service']).toBe('shop');
    expect(door.taken[0]?.title).toBe(one?.name);
  });

  it('keeps a hundred alerts and says how many it left out', async () => {
    const door = webhookDoor();
    const alerts = Array.from({ length: 130 }, (_, at) => ({
      ...alert(),
      fingerprint: at.toString(16).padStart(16, '0'),
    }));
    const body = alertmanagerPayload({ alerts, truncatedAlerts: 7 });
    expect((await door.post('/webhooks/alertmanager', JSON.stringify(body))).status).toBe(200);
    expect(door.taken[0]?.alerts).toHaveLength(100);
    expect(door.taken[0]?.truncated).toBe(37);
  });

  it.each(['NaN', '', 'yesterday', '0001-01-01T00:00:00Z', '+275760-09-13T00:00:00.001Z'])(
    'takes no alert that started at %j',
    async (startsAt) => {
      const door = webhookDoor();
      const body = alertmanagerPayload({}, { startsAt });
      await door.post('/webhooks/alertmanager', JSON.stringify(body));
      expect(door.taken[0]?.alerts).toEqual([]);
    },
  );
});

function alert() {
  return alertmanagerPayload().alerts[0];
}

function incidentPayload(kind = 'incident.triggered', status = 'triggered', over = {}) {
  return {
    event: {
      id: '01ABC',
      event_type: kind,
      resource_type: 'incident',
      occurred_at: '2026-11-20T09:05:00Z',
      agent: null,
      client: null,
      data: {
        id: 'Q1ABC',
        type: 'incident',
        self: 'https://api.pagerduty.example/incidents/Q1ABC',
        html_url: 'https://acme.pagerduty.example/incidents/Q1ABC',
        number: 12,
        status,
        incident_key: 'k',
        created_at: '2026-11-20T09:00:00Z',
        title: 'Shop: too many errors',
        service: { id: 'P1', summary: 'Shop', type: 'service_reference' },
        urgency: 'high',
        priority: null,
        ...over,
      },
    },
  };
}
