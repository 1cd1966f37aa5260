import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './servers.ts';

const binary = '/usr/bin/docker-registry';

/** Whether Debian's registry is here; with `CI=true` its absence is a failure. */
export function requireDockerRegistry(): boolean {
  if (existsSync(binary)) return true;
  const message = '*** docker-registry is not installed: the tests that need it do not run ***';
  if (process.env['CI'] === 'true') throw new Error(message);
  console.error(message);
  return false;
}

/** A real registry of container images on a free loopback port. */
export interface DockerRegistry {
  readonly url: string;
  /** Pushes an image with these labels as these tags; returns its digest. */
  push(repository: string, tags: readonly string[], image?: PushedImage): Promise<string>;
  stop(): Promise<void>;
}

export interface PushedImage {
  readonly labels?: Readonly<Record<string, string>>;
  readonly created?: string;
  /** Below an index of this image alone. */
  readonly indexed?: boolean;
}

/** Starts it, empty. */
export async function startDockerRegistry(): Promise<DockerRegistry> {
  const home = mkdtempSync(join(tmpdir(), 'signalbox-registry-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(
    join(home, 'config.yml'),
    `version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: ${home}/data\nhttp:\n  addr: 127.0.0.1:${port}\n`,
  );
  const child = spawn(binary, ['serve', join(home, 'config.yml')], { stdio: 'ignore' });
  const end = (): boolean => child.kill('SIGKILL');
  process.once('exit', end);
  await untilReady(`${url}/v2/`);

  async function upload(repository: string, bytes: string): Promise<string> {
    const started = await fetch(`${url}/v2/${repository}/blobs/uploads/`, {
      method: 'POST',
    });
    const place = new URL(started.headers.get('location') ?? '', url);
    const digest = digestOf(bytes);
    place.searchParams.set('digest', digest);
    const type = { 'content-type': 'application/octet-stream' };
    await must(fetch(place, { method: 'PUT', headers: type, body: bytes }));
    return digest;
  }

  async function put(repository: string, reference: string, manifest: object, type: string) {
    const body = JSON.stringify({ schemaVersion: 2, mediaType: type, ...manifest });
    const target = `${url}/v2/${repository}/manifests/${reference}`;
    await must(fetch(target, { method: 'PUT', headers: { 'content-type': type }, body }));
    return { digest: digestOf(body), size: body.length };
  }

  return {
    url,
    async push(repository, tags, image = {}) {
      const config = JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        ...(image.created === undefined ? {} : { created: image.created }),
        config: { Labels: image.labels ?? {} },
        rootfs: { type: 'layers', diff_ids: [] },
      });
      const configDigest = await upload(repository, config);
      const manifest = {
        config: {
          mediaType: 'application/vnd.oci.image.config.v1+json',
          digest: configDigest,
          size: config.length,
        },
        layers: [],
      };
      const type = 'application/vnd.oci.image.manifest.v1+json';
      let last = '';
      for (const tag of tags) {
        if (image.indexed !== true) {
          last = (await put(repository, tag, manifest, type)).digest;
          continue;
        }
        const { digest, size } = await put(repository, `${tag}-amd64`, manifest, type);
        const platform = { os: 'linux', architecture: 'amd64' };
        const index = { manifests: [{ mediaType: type, digest, size, platform }] };
        last = (await put(repository, tag, index, 'application/vnd.oci.image.index.v1+json'))
          .digest;
      }
      return last;
    },
    async stop() {
      process.off('exit', end);
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

async function must(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

async function untilReady(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The registry did not answer in time');
}
