import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { createOciAnchor, OciAnchor } from '#adapters/oci/index.ts';
import { createCheckpoints } from '#app/checkpoint.ts';
import { createHalt } from '#app/halt.ts';
import { openAuditing } from '#boot/auditing.ts';
import { loadConfiguration } from '#config.ts';
import { secret } from '#core/secret.ts';
import type { Anchor } from '#ports/anchor.ts';
import { digest, fill } from '../../app/audit/auditor-kit.ts';
import { anchorContract } from '../../contracts/anchor.ts';
import {
  type DockerRegistry,
  requireDockerRegistry,
  startDockerRegistry,
} from '../../docker-registry.ts';
import {
  digestOf,
  type RegistryPeer,
  type Said,
  startRegistryPeer,
} from '../../peers/registry/registry.ts';
import { silentLog } from '../pglite/silent-log.ts';

const origin = 'signalbox/56475aa75463474c';
const tag = 'signalbox-56475aa75463474c';

function anchorAt(url: string, more: object = {}, token?: string, name = origin): Anchor {
  const options = OciAnchor.parse({ url, repository: 'team/audit', ...more });
  return createOciAnchor(options, token === undefined ? undefined : secret(token), name);
}

describe.runIf(requireDockerRegistry())('checkpoints in a real registry', () => {
  let server: DockerRegistry;
  beforeAll(async () => {
    server = await startDockerRegistry();
  });
  afterAll(() => server.stop());

  anchorContract('OCI', () => anchorAt(server.url, { repository: 'contract' }));

  it('are an artifact of their own type, the same for the same checkpoint', async () => {
    await anchorAt(server.url).publish('a checkpoint\n');
    const accept = 'application/vnd.oci.image.manifest.v1+json';
    const read = () =>
      fetch(`${server.url}/v2/team/audit/manifests/${tag}`, { headers: { accept } });
    const first = await read();
    expect(await first.json()).toMatchObject({
      artifactType: 'application/vnd.signalbox.checkpoint.v1',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', size: 2 },
      layers: [{ digest: digestOf('a checkpoint\n'), size: 13 }],
    });
    await anchorAt(server.url).publish('a checkpoint\n');
    const header = 'docker-content-digest';
    expect((await read()).headers.get(header)).toBe(first.headers.get(header));
  });

  it('of several ledgers share a repository', async () => {
    const one = anchorAt(server.url, { repository: 'shared' }, undefined, 'signalbox/1');
    const two = anchorAt(server.url, { repository: 'shared' }, undefined, 'signalbox/2');
    await one.publish('of one\n');
    expect(await two.newest()).toBeNull();
    await two.publish('of two\n');
    expect([await one.newest(), await two.newest()]).toEqual(['of one\n', 'of two\n']);
  });

  it('halt an installation that was set back whole, data folder and all', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signalbox-anchored-'));
    const demo = readFileSync(join(import.meta.dirname, '../../../examples/demo.yaml'), 'utf8');
    const options = `{ url: "${server.url}", repository: halting }`;
    const file = join(folder, 'signalbox.yaml');
    writeFileSync(file, `${demo}\naudit: { registry: { adapter: oci, options: ${options} } }\n`);
    const loaded = loadConfiguration({ folder, variables: { SIGNALBOX_DATA: folder } });
    if (!loaded.ok) throw new Error(loaded.report);
    const configuration = loaded.value;
    const clock = { now: () => 0 };

    async function installed(events: number) {
      const { store, history } = createMemoryStore({ clock });
      const halt = createHalt(silentLog);
      const auditing = openAuditing(configuration, { digest }, []);
      const parts = { history, ...auditing, halt, clock, log: silentLog };
      await fill(store, events);
      return { halt, checkpoints: createCheckpoints(parts) };
    }

    const first = await installed(20);
    await first.checkpoints.make();
    await first.checkpoints.compare();
    expect(first.halt.halted()).toBeNull();
    rmSync(join(folder, 'checkpoint'));
    const restored = await installed(10);
    await restored.checkpoints.compare();
    expect(restored.halt.halted()).toMatch(
      /fewer than the 20 events that the anchor "registry .*halting/,
    );
    rmSync(folder, { recursive: true });
  });

  it('are told from an image under the same tag', async () => {
    await server.push('team/images', [tag]);
    const anchor = anchorAt(server.url, { repository: 'team/images' });
    await expect(anchor.newest()).rejects.toMatchObject({ code: 'registry.invalid' });
  });
});

describe('a registry that', () => {
  let peer: RegistryPeer;
  const home = '/v2/team/audit';
  const note = 'a checkpoint\n';
  const manifest = JSON.stringify({
    artifactType: 'application/vnd.signalbox.checkpoint.v1',
    layers: [{ mediaType: 'application/vnd.signalbox.checkpoint.v1.note', digest: digestOf(note) }],
  });
  beforeAll(async () => {
    peer = await startRegistryPeer();
  });
  afterAll(() => peer.close());

  const no = 'registry.unavailable';
  it.each<[string, Said, string, boolean]>([
    ['is overloaded', { status: 429 }, no, true],
    ['forbids it', { status: 403 }, no, false],
    ['sends it elsewhere', { status: 307, headers: { location: '/x' } }, no, false],
    ['names no place', { status: 202 }, 'registry.invalid', false],
    [
      'names an unsafe one',
      { status: 202, headers: { location: 'file:///x' } },
      'registry.invalid',
      false,
    ],
  ])('%s when something is left there is a fault', async (_, said, code, retryable) => {
    peer.answer(`${home}/blobs/uploads/`, said);
    const left = anchorAt(peer.url).publish(note);
    await expect(left).rejects.toMatchObject({ code, retryable });
  });

  it('wants a token that may push gets one, and credentials nobody else', async () => {
    const elsewhere = await startRegistryPeer();
    const scope = 'repository:team/audit:pull,push';
    const wanted = { 'www-authenticate': `Bearer realm="${peer.url}/token",scope="${scope}"` };
    peer.answer('/token', { body: '{"token":"t1"}' });
    peer.answer(`${home}/blobs/uploads/`, ({ headers }) =>
      headers.authorization === 'Bearer t1'
        ? { status: 202, headers: { location: `${elsewhere.url}/put?state=1` } }
        : { status: 401, headers: wanted },
    );
    elsewhere.answer('/put', { status: 201 });
    peer.answer(`${home}/manifests/${tag}`, { status: 201 });
    const options = { credentials: 'basic', username: 'ci' };
    await anchorAt(peer.url, options, 'hunter2').publish(note);
    const token = peer.asked.find(({ path }) => path.startsWith('/token'));
    expect(token).toMatchObject({
      path: `/token?scope=${encodeURIComponent(scope)}`,
      authorization: `Basic ${Buffer.from('ci:hunter2').toString('base64')}`,
    });
    expect(elsewhere.asked.map(({ path }) => path)).toEqual([
      `/put?state=1&digest=${encodeURIComponent(digestOf('{}'))}`,
      `/put?state=1&digest=${encodeURIComponent(digestOf(note))}`,
    ]);
    expect(elsewhere.asked.every(({ authorization }) => authorization === null)).toBe(true);
    await elsewhere.close();
  });

  it('has lost or altered a checkpoint is not believed', async () => {
    const anchor = anchorAt(peer.url);
    peer.answer(`${home}/manifests/${tag}`, { body: manifest });
    await expect(anchor.newest()).rejects.toMatchObject({ code: 'registry.invalid' });
    peer.answer(`${home}/blobs/${digestOf(note)}`, { body: 'another\n' });
    await expect(anchor.newest()).rejects.toMatchObject({ code: 'registry.invalid' });
    peer.answer(`${home}/blobs/${digestOf(note)}`, { body: note });
    expect(await anchor.newest()).toBe(note);
    const digest = { 'docker-content-digest': digestOf('x') };
    peer.answer(`${home}/manifests/${tag}`, { body: manifest, headers: digest });
    await expect(anchor.newest()).rejects.toMatchObject({ code: 'registry.invalid' });
  });
});

it.each([
  { url: 'https://ghcr.io' },
  { url: 'https://ghcr.io', repository: 'Team/Audit' },
  { url: 'http://ghcr.io', repository: 'team/audit' },
  { url: 'https://ghcr.io', repository: 'team/audit', credentials: 'basic' },
])('options are refused: %o', (options) => {
  expect(OciAnchor.safeParse(options).success).toBe(false);
});
