import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type MutualTlsListener,
  mountTrustedWebhooks,
  openMutualTls,
} from '#adapters/webhooks/index.ts';
import { ok } from '#core/result.ts';
import { silentLog, silentTelemetry } from '../silent.ts';
import { alertmanagerPayload } from './door.ts';

let home = '';
let port = 0;
let listener: MutualTlsListener;
let taken = 0;

/** Certificates by openssl: an authority of ours, one of others, and who they signed. */
function openssl(...words: readonly string[]): void {
  execFileSync('openssl', [...words], { cwd: home, stdio: 'pipe' });
}

function authority(name: string): void {
  const subject = ['-subj', `/CN=${name}`, '-days', '2'];
  openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.pem`,
    ...subject,
  );
}

function certificate(name: string, common: string, by: string): void {
  openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-out',
    `${name}.csr`,
    '-subj',
    `/CN=${common}`,
  );
  writeFileSync(join(home, 'names.cnf'), 'subjectAltName=IP:127.0.0.1\n');
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    `${by}.pem`,
    '-CAkey',
    `${by}.key`,
    '-CAcreateserial',
    '-days',
    '2',
    '-out',
    `${name}.pem`,
    '-extfile',
    'names.cnf',
  );
}

function file(name: string): string {
  return join(home, name);
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'signalbox-mtls-'));
  authority('ours');
  authority('theirs');
  certificate('server', 'signalbox', 'ours');
  certificate('alertmanager', 'alertmanager', 'ours');
  certificate('neighbour', 'neighbour', 'ours');
  certificate('stranger', 'alertmanager', 'theirs');
  listener = openMutualTls(
    {
      port: 0,
      host: '127.0.0.1',
      certificate: file('server.pem'),
      key: file('server.key'),
      authorities: file('ours.pem'),
      names: ['alertmanager'],
    },
    silentLog,
  );
  const accept = async () => {
    taken += 1;
    return ok({ fresh: true });
  };
  const parts = { intake: { accept }, log: silentLog, telemetry: silentTelemetry };
  mountTrustedWebhooks(listener.http, parts);
  port = await listener.start();
});

afterAll(async () => {
  await listener.close();
  rmSync(home, { recursive: true, force: true });
});

/** The status of the answer, or the code of what went wrong. */
function post(as: string | null, over: { path?: string; body?: string } = {}): Promise<unknown> {
  const body = over.body ?? JSON.stringify(alertmanagerPayload());
  const own =
    as === null
      ? {}
      : { cert: readFileSync(file(`${as}.pem`)), key: readFileSync(file(`${as}.key`)) };
  return new Promise((resolve) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: over.path ?? '/webhooks/alertmanager',
        ca: readFileSync(file('ours.pem')),
        agent: false,
        ...own,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    sent.once('error', (error) => resolve('code' in error ? 'refused' : error));
    sent.end(body);
  });
}

describe('the listener for senders with certificates', () => {
  it('takes alerts from a sender that our authority signed and that is named', async () => {
    expect(await post('alertmanager')).toBe(200);
    expect(taken).toBe(1);
  });

  it.each([
    ['no certificate', null, 'refused'],
    ['a certificate of another authority', 'stranger', 'refused'],
    ['a certificate of ours for another name', 'neighbour', 403],
  ])('refuses %s', async (_, as, answer) => {
    const before = taken;
    expect(await post(as)).toBe(answer);
    expect(taken).toBe(before);
  });

  it('has no other addresses, and takes no body without end', async () => {
    expect(await post('alertmanager', { path: '/webhooks/pagerduty' })).toBe(404);
    expect(await post('alertmanager', { path: '/api/board' })).toBe(404);
    expect([413, 'refused']).toContain(await post('alertmanager', { body: 'x'.repeat(3_000_000) }));
    expect(taken).toBe(1);
  });
});
