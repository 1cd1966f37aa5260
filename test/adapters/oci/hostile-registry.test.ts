import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOciRegistry, OciRegistry } from '#adapters/oci/index.ts';
import { secret } from '#core/secret.ts';
import {
  digestOf,
  manifestOf,
  type RegistryPeer,
  type Said,
  startRegistryPeer,
} from '../../peers/registry/registry.ts';

const at = '/v2/shop/manifests/v1';
const honest = manifestOf('{}');
const blobs = `/v2/shop/blobs/${digestOf('{}')}`;

let peer: RegistryPeer;
let elsewhere: RegistryPeer;
beforeEach(async () => {
  peer = await startRegistryPeer();
  elsewhere = await startRegistryPeer();
});
afterEach(async () => {
  await peer.close();
  await elsewhere.close();
});

const resolve = (more: object = {}, token?: string) =>
  createOciRegistry(
    OciRegistry.parse({ url: peer.url, ...more }),
    token === undefined ? undefined : secret(token),
  ).resolve('shop', '', 'v1');

/** The manifest for whoever shows this; a challenge for everybody else. */
function guarded(wanted: string, challenge: string): void {
  peer.answer(at, ({ headers }) =>
    headers.authorization === wanted
      ? honest.said
      : { status: 401, headers: { 'www-authenticate': challenge } },
  );
  peer.answer(blobs, { body: '{}' });
}

describe('credentials', () => {
  it('are a user name and a password where they are asked for', async () => {
    const wanted = `Basic ${Buffer.from('ci:hunter2').toString('base64')}`;
    guarded(wanted, 'Basic realm="shop"');
    const options = { credentials: 'basic', username: 'ci' };
    expect((await resolve(options, 'hunter2'))?.digest).toBe(honest.digest);
    await expect(resolve({}, 'hunter2')).rejects.toMatchObject({
      code: 'registry.unavailable',
      retryable: false,
    });
  });

  it('are exchanged for a token of the repository, once', async () => {
    const realm = `${peer.url}/token`;
    guarded('Bearer t1', `Bearer realm="${realm}",service="reg",scope="repository:shop:pull"`);
    peer.answer('/token', { body: '{"token":"t1"}' });
    const options = OciRegistry.parse({ url: peer.url, credentials: 'token' });
    const registry = createOciRegistry(options, secret('given'));
    for (let time = 0; time < 2; time += 1) {
      expect((await registry.resolve('shop', '', 'v1'))?.digest).toBe(honest.digest);
    }
    const tokens = peer.asked.filter(({ path }) => path.startsWith('/token'));
    expect(tokens).toMatchObject([
      { path: '/token?service=reg&scope=repository%3Ashop%3Apull', authorization: 'Bearer given' },
    ]);
  });

  it('are shown to no host that is not configured', async () => {
    guarded('Bearer t1', `Bearer realm="${elsewhere.url}/token"`);
    elsewhere.answer('/token', { body: '{"token":"t1"}' });
    const asked = resolve({ credentials: 'token' }, 'given');
    await expect(asked).rejects.toMatchObject({ code: 'registry.invalid' });
    expect(elsewhere.asked).toEqual([]);
    const tokenHosts = [new URL(elsewhere.url).host];
    const allowed = await resolve({ credentials: 'token', tokenHosts }, 'given');
    expect(allowed?.digest).toBe(honest.digest);
  });

  it('do not follow a redirect to another host', async () => {
    guarded('Bearer given', 'Bearer realm="x"');
    const labels = JSON.stringify({ config: { Labels: {} }, created: '2026-01-02T03:04:05Z' });
    const image = manifestOf(labels);
    const realm = `Bearer realm="${peer.url}/token"`;
    peer.answer('/token', { body: '{"access_token":"t1"}' });
    peer.answer(at, ({ headers }) =>
      headers.authorization === 'Bearer t1'
        ? image.said
        : { status: 401, headers: { 'www-authenticate': realm } },
    );
    peer.answer(`/v2/shop/blobs/${digestOf(labels)}`, ({ headers }) =>
      headers.authorization === 'Bearer t1'
        ? { status: 307, headers: { location: `${elsewhere.url}/store` } }
        : { status: 401, headers: { 'www-authenticate': realm } },
    );
    elsewhere.answer('/store', { body: labels });
    const artifact = await resolve({ credentials: 'token' }, 'given');
    expect(artifact?.source?.builtAt).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(elsewhere.asked).toMatchObject([{ path: '/store', authorization: null }]);
  });
});

const other = (headers: Record<string, string>, body: string): Said => ({ headers, body });
const oci = 'application/vnd.oci.image.manifest.v1+json';
const oldType = 'application/vnd.docker.distribution.manifest.v1+prettyjws';

describe('an answer that cannot be trusted', () => {
  it.each<[string, Said]>([
    [
      'a digest that is not that of the bytes',
      other({ 'content-type': oci, 'docker-content-digest': digestOf('x') }, honest.said.body),
    ],
    ['schema 1', manifestOf('{}', oldType).said],
    ['no JSON', other({ 'content-type': oci }, '<html>')],
    ['no manifest', other({ 'content-type': oci }, '{"schemaVersion":2}')],
    ['too long', other({ 'content-type': oci }, ' '.repeat(5 * 1024 * 1024))],
    ['a redirect without end', { status: 302, headers: { location: at } }],
    ['a redirect to a file', { status: 302, headers: { location: 'file:///etc/passwd' } }],
  ])('is refused: %s', async (_, said) => {
    peer.answer(at, said);
    await expect(resolve()).rejects.toMatchObject({ code: 'registry.invalid', retryable: false });
  });

  it('is refused where a configuration is not what its digest says', async () => {
    peer.answer(at, honest.said);
    peer.answer(blobs, { body: '{"created":"2026-01-02T03:04:05Z"}' });
    await expect(resolve()).rejects.toMatchObject({ code: 'registry.invalid' });
  });
});

describe('a registry in trouble', () => {
  it.each<[string, Said, object]>([
    ['overloaded', { status: 429, headers: { 'retry-after': '7' } }, { retryAfterMs: 7000 }],
    ['broken', { status: 503 }, { retryable: true }],
    ['forbidding', { status: 403 }, { retryable: false }],
  ])('is %s', async (_, said, expected) => {
    peer.answer(at, said);
    await expect(resolve()).rejects.toMatchObject({ code: 'registry.unavailable', ...expected });
  });

  it('is gone', async () => {
    await peer.close();
    const gone = { code: 'registry.unavailable', retryable: true };
    await expect(resolve()).rejects.toMatchObject(gone);
    peer = await startRegistryPeer();
  });
});

describe('options', () => {
  it.each([
    { url: 'http://registry.example.com' },
    { url: 'https://user:pass@ghcr.io' },
    { url: 'ftp://ghcr.io' },
    { url: 'https://ghcr.io', credentials: 'basic' },
    { url: 'https://ghcr.io', tokenHosts: ['https://auth.docker.io'] },
    { url: 'https://ghcr.io', password: 'x' },
  ])('are refused: %o', (options) => {
    expect(OciRegistry.safeParse(options).success).toBe(false);
  });
});
