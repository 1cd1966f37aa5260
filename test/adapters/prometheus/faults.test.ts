import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPrometheus, type PrometheusSecrets } from '#adapters/prometheus/index.ts';
import { PrometheusMetrics } from '#adapters/prometheus/options.ts';
import { Metric } from '#core/analysis/metric.ts';
import { type Peer, sends, startPeer } from './peer.ts';

const now = 1_790_000_000_000;
const artifact = { service: 'shop', version: 'v2', digest: `sha256:${'a'.repeat(64)}` };
const target = { target: 'here', service: 'shop', environment: 'production' };
const gauge = Metric.parse({ name: 'memory', type: 'gauge', query: { value: 'memory_bytes' } });
const value = (text: string, at = now - 30_000) => ({ metric: {}, values: [[at / 1000, text]] });

let peer: Peer;
beforeAll(async () => {
  peer = await startPeer();
});
afterAll(() => peer.close());

function read(
  more: Readonly<Record<string, unknown>> = {},
  metric: Metric = gauge,
  secrets: PrometheusSecrets = { token: null, password: null },
) {
  const options = PrometheusMetrics.parse({ url: peer.url, timeout: 1, ...more });
  const { source, close } = createPrometheus({ options, secrets, clock: { now: () => now } });
  const window = { from: now - 60_000, to: now, stepSeconds: 15 };
  return source
    .read({ metric, target, side: 'candidate', artifact, ...window })
    .finally(() => close());
}

describe('trouble of the provider', () => {
  const faults: readonly (readonly [string, RequestListener, RegExp])[] = [
    ['503', sends({ status: 503, body: 'no healthy upstream' }), /it answers 503$/],
    ['429', sends({ status: 429, body: '{"error":"too many"}' }), /it answers 429: +too many/],
    [
      'a query that takes too long there',
      sends({ status: 503, body: '{"errorType":"timeout","error":"query timed out"}' }),
      /503: timeout query timed out/,
    ],
    ['a page of a proxy', sends({ body: '<html>Sign in</html>' }), /not one of the Prometheus API/],
    ['nothing', sends({ body: '' }), /not one of the Prometheus API/],
    [
      'an error with 200',
      sends({ body: '{"status":"error","error":"x"}' }),
      /not one of the Prometheus API/,
    ],
    ['a huge answer', sends({ body: ' '.repeat(200_000) }), /longer than 100000 bytes/],
    ['no answer in time', () => {}, /did not answer within 1 s/],
    [
      'an answer that stops in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"status":"success","data":');
        setTimeout(() => response.destroy(), 20);
      },
      /cannot be reached/,
    ],
    [
      'an answer that trickles',
      (_, response) => {
        const drip = setInterval(() => response.write(' '), 100);
        response.on('close', () => clearInterval(drip));
      },
      /did not answer within 1 s/,
    ],
    ['a connection that breaks', (_, response) => response.destroy(), /cannot be reached/],
  ];

  it.each(faults)('is told from trouble of the release: %s', async (_, answer, note) => {
    peer.answer(answer);
    const reading = await read({ limitBytes: 100_000 });
    expect(reading).toMatchObject({ class: 'provider_error', samples: [] });
    expect(reading.notes.join()).toMatch(note);
    expect(reading.notes.join()).toContain(new URL(peer.url).host);
  });

  it('does not carry credentials along a redirect', async () => {
    const elsewhere = await startPeer();
    peer.answer(sends({ status: 307, headers: { location: `${elsewhere.url}/api/v1/query` } }));
    const secrets = { token: 'the-token', password: null };
    const reading = await read({ auth: { kind: 'bearer' } }, gauge, secrets);
    expect(reading.class).toBe('provider_error');
    expect(reading.notes.join()).toMatch(/redirect/);
    expect(JSON.stringify(reading)).not.toContain('the-token');
    expect(elsewhere.requests).toEqual([]);
    elsewhere.close();
  });
});

describe('what an answer may hold', () => {
  const ratio = Metric.parse({
    name: 'errors',
    type: 'ratio',
    query: { bad: 'bad{side={{side}}}', total: 'total' },
  });

  it('keeps warnings and remarks beside the samples', async () => {
    const more = { warnings: ['store eu did not answer'], infos: ['not a counter'] };
    peer.answer(sends({ result: [value('7')], more }));
    expect(await read()).toEqual({
      class: 'ok',
      samples: [{ kind: 'value', at: now - 30_000, value: 7 }],
      query: 'memory_bytes',
      notes: ['store eu did not answer', 'not a counter'],
    });
  });

  it('takes a partial answer for none where that is wanted', async () => {
    peer.answer(sends({ result: [value('7')], more: { warnings: ['a store is away'] } }));
    expect(await read({ warnings: 'refuse' })).toMatchObject({
      class: 'provider_error',
      samples: [],
      notes: ['a store is away'],
    });
    peer.answer(sends({ result: [value('7')], more: { infos: ['only a remark'] } }));
    expect(await read({ warnings: 'refuse' })).toMatchObject({ class: 'ok' });
  });

  it.each([
    ['NaN', 'not_finite'],
    ['+Inf', 'not_finite'],
    ['-Inf', 'not_finite'],
    ['seven', 'not_finite'],
    ['1e3', 'ok'],
  ])('reads %s as %s', async (text, kind) => {
    peer.answer(sends({ result: [value(text)] }));
    expect((await read()).class).toBe(kind);
  });

  it('takes no errors for zero only where requests were counted', async () => {
    peer.answer((request, response) => {
      const { form } = peer.requests.at(-1) ?? {};
      const isBad = form?.get('query')?.startsWith('bad') ?? false;
      sends({ result: isBad ? [] : [value('100')] })(request, response);
    });
    const { samples } = await read({}, ratio);
    expect(samples).toEqual([{ kind: 'ratio', at: now - 30_000, bad: 0, total: 100 }]);
    expect(peer.requests.at(-1)?.form.get('query')).toMatch(/^(?:total|bad\{side="candidate"\})$/);
    peer.answer((request, response) => {
      const isBad = peer.requests.at(-1)?.form.get('query')?.startsWith('bad') ?? false;
      sends({ result: isBad ? [value('3')] : [] })(request, response);
    });
    expect((await read({}, ratio)).class).toBe('no_series');
  });

  it('reads native histograms', async () => {
    const histogram = {
      count: '12',
      sum: '3.2',
      buckets: [
        [0, '0.25', '0.5', '4'],
        [0, '0.0625', '0.125', '8'],
      ],
    };
    peer.answer(sends({ result: [{ metric: {}, histograms: [[now / 1000 - 30, histogram]] }] }));
    const metric = Metric.parse({ name: 'l', type: 'histogram', query: { buckets: 'native' } });
    const { samples } = await read({}, metric);
    expect(samples).toEqual([
      { kind: 'histogram', at: now - 30_000, upper: [0.125, 0.5, null], counts: [8, 4, 0] },
    ]);
  });

  it('asks for whole intervals that have settled, and no others', async () => {
    peer.answer(sends({ result: [value('7', now - 90_000), value('8')].slice(0, 1) }));
    const reading = await read({ settle: 20, params: { dedup: 'true' } });
    const form = peer.requests.at(-1)?.form;
    expect(Object.fromEntries(form ?? [])).toEqual({
      query: 'memory_bytes',
      start: (now / 1000 - 45).toFixed(3),
      end: (now / 1000 - 30).toFixed(3),
      step: '15',
      timeout: '1s',
      dedup: 'true',
    });
    // What was not asked for is not believed.
    expect(reading.samples).toEqual([]);
  });
});

describe('how it makes itself known', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-tls-'));
  const at = (name: string) => join(folder, name);
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(() => {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const openssl = (...args: readonly string[]) =>
      execFileSync('openssl', [...args], { stdio: 'pipe' });
    openssl('req', '-x509', ...key, '-subj', '/CN=ca', '-keyout', at('ca.key'), '-out', at('ca'));
    for (const name of ['server', 'client']) {
      openssl(
        'req',
        ...key.slice(0, 5),
        '-subj',
        `/CN=${name}`,
        '-keyout',
        at(`${name}.key`),
        '-out',
        at(`${name}.csr`),
      );
      writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1,DNS:prometheus');
      openssl(
        'x509',
        '-req',
        '-in',
        at(`${name}.csr`),
        '-CA',
        at('ca'),
        '-CAkey',
        at('ca.key'),
        '-days',
        '2',
        '-extfile',
        at('names'),
        '-out',
        at(name),
      );
    }
    writeFileSync(at('token'), 'first\n');
  });

  it.each([
    ['none', {}, undefined],
    ['bearer', { auth: { kind: 'bearer' } }, 'Bearer tok'],
    ['basic', { auth: { kind: 'basic', user: 'ci' } }, `Basic ${btoa('ci:pass')}`],
  ])('%s', async (_, more, header) => {
    peer.answer(sends({}));
    await read({ ...more, headers: { 'X-Scope-OrgID': 'shop' } }, gauge, {
      token: 'tok',
      password: 'pass',
    });
    expect(peer.requests.at(-1)?.headers).toMatchObject({ 'x-scope-orgid': 'shop' });
    expect(peer.requests.at(-1)?.headers.authorization).toBe(header);
  });

  it('says which secret is missing', async () => {
    const before = peer.requests.length;
    const { class: kind, notes } = await read({ auth: { kind: 'bearer' } });
    expect([kind, notes.join()]).toEqual([
      'provider_error',
      expect.stringContaining('SIGNALBOX_PROMETHEUS_TOKEN is not set'),
    ]);
    expect(peer.requests.length).toBe(before);
  });

  it('reads a token file again when it was replaced', async () => {
    peer.answer(sends({}));
    const options = PrometheusMetrics.parse({
      url: peer.url,
      auth: { kind: 'bearer', file: at('token') },
    });
    const secrets = { token: null, password: null };
    const { source, close } = createPrometheus({ options, secrets, clock: { now: () => now } });
    const window = { from: now - 60_000, to: now, stepSeconds: 15 };
    const asked = { metric: gauge, target, side: 'stable', artifact, ...window } as const;
    await source.read(asked);
    expect(peer.requests.at(-1)?.headers.authorization).toBe('Bearer first');
    writeFileSync(at('token'), 'second\n');
    utimesSync(at('token'), 1, 1);
    await source.read(asked);
    expect(peer.requests.at(-1)?.headers.authorization).toBe('Bearer second');
    close();
  });

  it('trusts a named authority, shows its certificate, and nothing less', async () => {
    const pem = (name: string) => readFileSync(at(name));
    const secure = await startPeer({
      cert: pem('server'),
      key: pem('server.key'),
      ca: pem('ca'),
      requestCert: true,
      rejectUnauthorized: true,
    });
    secure.answer(sends({ result: [value('7')] }));
    const own = { certificate: at('client'), key: at('client.key') };
    const url = { url: secure.url };
    expect((await read({ ...url, tls: { ...own, ca: at('ca') } })).class).toBe('ok');
    expect(secure.requests.at(-1)?.client).toBe('client');
    const cases = [
      [{}, /SELF_SIGNED|UNABLE_TO_VERIFY|cannot be reached/],
      [{ ca: at('ca') }, /cannot be reached/],
      [{ ...own, ca: at('ca'), serverName: 'elsewhere' }, /ERR_TLS_CERT_ALTNAME_INVALID/],
      [{ ...own, ca: at('gone') }, /gone cannot be read/],
    ] as const;
    for (const [tls, note] of cases) {
      const reading = await read({ ...url, tls });
      expect([reading.class, reading.notes.join()]).toEqual([
        'provider_error',
        expect.stringMatching(note),
      ]);
    }
    secure.close();
  });
});
