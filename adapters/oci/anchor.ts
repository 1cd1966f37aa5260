import { z } from 'zod';
import type { Secret } from '#core/secret.ts';
import type { Anchor } from '#ports/anchor.ts';
import { connect } from './connection.ts';
import { invalid, parseJson } from './fetch-answer.ts';
import { digestOf } from './manifest.ts';
import type { OciAnchor } from './options.ts';

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const artifactType = 'application/vnd.signalbox.checkpoint.v1';
const noteType = 'application/vnd.signalbox.checkpoint.v1.note';

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const Manifest = z.object({
  artifactType: z.literal(artifactType),
  layers: z.tuple([z.object({ mediaType: z.literal(noteType), digest: Digest })]),
});

/**
 * An anchor in a registry of container images: the checkpoint is the one layer of an artifact of its
 * own type (OCI image specification 1.1, guidelines for artifact usage), under a tag that belongs to
 * the ledger of this origin. Several installations share a repository. The same checkpoint makes the
 * same bytes. Registries keep replaced artifacts by their digest until they collect what no tag names.
 */
export function createOciAnchor(
  options: OciAnchor,
  secret: Secret | undefined,
  origin: string,
): Anchor {
  const registry = connect(options, secret);
  const home = `/v2/${options.repository}`;
  const tag = tagOf(origin);

  /** Monolithic upload in two requests (distribution specification 1.1, pushing blobs). */
  async function upload(text: string): Promise<{ digest: string; size: number }> {
    const body = new TextEncoder().encode(text);
    const digest = digestOf(body);
    const there = { digest, size: body.length };
    if ((await registry.get(`${home}/blobs/${digest}`, ['*/*'])).status === 200) return there;
    const begun = await registry.write(`${home}/blobs/uploads/`, { method: 'POST' });
    const place = begun.headers.get('location') ?? '';
    if (place === '' || !URL.canParse(place, options.url)) {
      throw invalid('It does not say where to upload');
    }
    const address = new URL(place, options.url);
    address.searchParams.set('digest', digest);
    const type = 'application/octet-stream';
    await registry.write(address.href, { method: 'PUT', type, body });
    return there;
  }

  return {
    name: `registry ${new URL(options.url).host}/${options.repository}:${tag}`,
    async publish(checkpoint) {
      const config = { mediaType: 'application/vnd.oci.empty.v1+json', ...(await upload('{}')) };
      const layer = { mediaType: noteType, ...(await upload(checkpoint)) };
      const manifest = {
        schemaVersion: 2,
        mediaType: manifestType,
        artifactType,
        config,
        layers: [layer],
      };
      const body = new TextEncoder().encode(JSON.stringify(manifest));
      await registry.write(`${home}/manifests/${tag}`, { method: 'PUT', type: manifestType, body });
    },
    async newest() {
      const answer = await registry.get(`${home}/manifests/${tag}`, [manifestType]);
      if (answer.status === 404) return null;
      const said = answer.headers.get('docker-content-digest');
      if (said !== null && said !== digestOf(answer.body)) {
        throw invalid('The content is not what its digest says');
      }
      const manifest = Manifest.safeParse(parseJson(answer.body));
      if (!manifest.success) throw invalid(`${options.repository}:${tag} is no checkpoint`);
      const [{ digest }] = manifest.data.layers;
      const layer = await registry.get(`${home}/blobs/${digest}`, ['*/*']);
      if (layer.status === 404) throw invalid(`The checkpoint of ${tag} is not there any more`);
      if (digestOf(layer.body) === digest) return new TextDecoder().decode(layer.body);
      throw invalid('The content is not what its digest says');
    },
  };
}

/** The origin as a tag: `signalbox/56475aa75463474c` becomes `signalbox-56475aa75463474c`. */
function tagOf(origin: string): string {
  return origin
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 128);
}
