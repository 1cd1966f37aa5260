import { z } from 'zod';
import type { Artifact } from '#core/release.ts';
import type { Secret } from '#core/secret.ts';
import type { ArtifactRegistry } from '#ports/artifact-registry.ts';
import { connect } from './connection.ts';
import { invalid, parseJson } from './fetch-answer.ts';
import { digestOf, manifestTypes, readManifest } from './manifest.ts';
import { type OciRegistry, repositoryGrammar } from './options.ts';
import { sourceOf } from './source-labels.ts';
import { newestFirst } from './version-order.ts';

const Tags = z.object({ tags: z.array(z.string()).nullish() });

/** How a tag is written (OCI distribution specification). */
const tagGrammar = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Tags read at most; a page has a thousand. */
const maxPages = 20;
/** Sources remembered: what a digest stands for never changes. */
const maxSources = 1000;

/**
 * Artifacts from a registry of container images (OCI distribution specification 1.1). The digest
 * is computed here from the manifest's bytes; what the registry says it is must agree. The
 * repository is that of the service's settings, else the name of the service.
 */
export function createOciRegistry(
  options: OciRegistry,
  secret: Secret | undefined,
): ArtifactRegistry {
  const registry = connect(options, secret);
  const sources = new Map<string, Artifact['source']>();

  async function resolve(
    service: string,
    repository: string,
    version: string,
  ): Promise<Artifact | null> {
    if (!tagGrammar.test(version) || !repositoryGrammar.test(repository)) return null;
    const answer = await registry.get(`/v2/${repository}/manifests/${version}`, manifestTypes);
    if (answer.status === 404) return null;
    const manifest = readManifest(answer, null);
    const source = await sourceFor(repository, manifest);
    return {
      service,
      version,
      digest: manifest.digest,
      ...(source === undefined ? {} : { source }),
    };
  }

  async function sourceFor(
    repository: string,
    manifest: ReturnType<typeof readManifest>,
  ): Promise<Artifact['source']> {
    const known = sources.get(manifest.digest);
    if (known !== undefined || sources.has(manifest.digest)) return known;
    const config = manifest.config ?? (await configOf(repository, manifest.image));
    const source = config === null ? undefined : sourceOf(await blob(repository, config));
    if (sources.size >= maxSources) sources.clear();
    sources.set(manifest.digest, source);
    return source;
  }

  async function configOf(repository: string, image: string | null): Promise<string | null> {
    if (image === null) return null;
    const answer = await registry.get(`/v2/${repository}/manifests/${image}`, manifestTypes);
    return answer.status === 404 ? null : readManifest(answer, image).config;
  }

  async function blob(repository: string, digest: string): Promise<unknown> {
    const answer = await registry.get(`/v2/${repository}/blobs/${digest}`, ['*/*']);
    if (answer.status === 404) return undefined;
    if (digestOf(answer.body) === digest) return parseJson(answer.body);
    throw invalid('The content is not what its digest says');
  }

  async function tagsOf(repository: string): Promise<readonly string[]> {
    const tags: string[] = [];
    let path: string | null = `/v2/${repository}/tags/list?n=1000`;
    for (let page = 0; path !== null && page < maxPages; page += 1) {
      const answer = await registry.get(path, ['application/json']);
      if (answer.status === 404) return tags;
      const parsed = Tags.safeParse(parseJson(answer.body));
      if (!parsed.success) {
        throw invalid('Its list of tags cannot be read');
      }
      tags.push(...(parsed.data.tags ?? []));
      path = nextPage(answer.headers.get('link'));
    }
    return tags.filter((tag) => tagGrammar.test(tag));
  }

  return {
    resolve: (service, repository, version) => resolve(service, repository || service, version),
    async list(service, repository, limit) {
      const name = repository || service;
      if (!repositoryGrammar.test(name)) return [];
      const wanted = newestFirst(await tagsOf(name), options.tags).slice(0, limit);
      const found: (Artifact | null)[] = [];
      // In small groups: a registry counts requests.
      for (let first = 0; first < wanted.length; first += 8) {
        const group = wanted.slice(first, first + 8);
        found.push(...(await Promise.all(group.map((tag) => resolve(service, name, tag)))));
      }
      return found.filter((artifact) => artifact !== null);
    },
  };
}

/** The path of the next page (RFC 8288); only paths of the registry itself. */
function nextPage(link: string | null): string | null {
  const [, target = ''] = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  return target.startsWith('/v2/') ? target : null;
}
