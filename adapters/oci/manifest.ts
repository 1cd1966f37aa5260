import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Answer, invalid, parseJson } from './fetch-answer.ts';

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;
const imageTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

/** What is asked for; anything else, such as the unverifiable schema 1, is refused. */
export const manifestTypes: readonly string[] = [...indexTypes, ...imageTypes];

const Index = z.object({
  mediaType: z.enum(indexTypes),
  manifests: z.array(
    z.object({
      digest: Digest,
      mediaType: z.string(),
      platform: z.object({ os: z.string(), architecture: z.string() }).optional(),
    }),
  ),
});
const Image = z.object({
  mediaType: z.enum(imageTypes),
  config: z.object({ digest: Digest }),
});

/** A manifest whose bytes are those of its digest. */
export interface Manifest {
  readonly digest: string;
  /** The manifest of one platform to look into; null when this is one already. */
  readonly image: string | null;
  /** Digest of the image's configuration; null for an index. */
  readonly config: string | null;
}

/**
 * Reads an answer as a manifest. `expected` is the digest that it was asked for by, if it was.
 * @throws Fault `registry.invalid` when it is not what its digest says, or nothing that is known
 */
export function readManifest(answer: Answer, expected: string | null): Manifest {
  const digest = digestOf(answer.body);
  const said = answer.headers.get('docker-content-digest');
  if ((expected !== null && digest !== expected) || (said !== null && said !== digest)) {
    throw invalid('The content is not what its digest says');
  }
  const type = answer.headers.get('content-type')?.split(';')[0]?.trim();
  const value = parseJson(answer.body);
  const typed = typeof value === 'object' && value !== null ? { mediaType: type, ...value } : null;
  const index = Index.safeParse(typed);
  if (index.success) return { digest, image: representative(index.data.manifests), config: null };
  const image = Image.safeParse(typed);
  if (image.success) return { digest, image: null, config: image.data.config.digest };
  throw invalid('It is no manifest of an image');
}

/** The digest of bytes, as registries write it. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A platform whose labels stand for all: they are built from the same commit. */
function representative(manifests: z.infer<typeof Index>['manifests']): string | null {
  const images = manifests.filter(
    ({ mediaType, platform }) =>
      imageTypes.some((type) => type === mediaType) && platform?.os !== 'unknown',
  );
  const usual = images.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === 'amd64',
  );
  return (usual ?? images[0])?.digest ?? null;
}
