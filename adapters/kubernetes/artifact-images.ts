import { Fault } from '#core/fault.ts';
import type { Artifact } from '#core/release.ts';
import { annotations } from './names.ts';
import type { Deployment, Pod, PodTemplate } from './objects.ts';

const digestAt = /@(sha256:[0-9a-f]{64})$/;

/** The container that is released: the named one, or the only one. @throws Fault `target.rejected` */
export function containerOf(template: PodTemplate, named: string | undefined): string {
  const { containers } = template.spec;
  const [only] = containers;
  if (named === undefined) {
    if (only !== undefined && containers.length === 1) return only.name;
    const names = containers.map(({ name }) => name).join(', ');
    throw rejected(`The pod has the containers ${names}: name the released one in the settings.`);
  }
  if (containers.some(({ name }) => name === named)) return named;
  throw rejected(`The pod has no container ${named}.`);
}

/** The image of a container of a template. */
export function imageIn(template: PodTemplate, container: string): string {
  return template.spec.containers.find(({ name }) => name === container)?.image ?? '';
}

/** The digest in an image reference; null when it has none. */
export function digestOf(image: string): string | null {
  return digestAt.exec(image)?.[1] ?? null;
}

/** An image reference without tag and digest. */
export function repositoryOf(image: string): string {
  const name = image.replace(/@.*$/, '');
  const slash = name.lastIndexOf('/');
  const colon = name.indexOf(':', slash + 1);
  return colon === -1 ? name : name.slice(0, colon);
}

/** The reference by which an artifact is run: always by digest. */
export function imageOf(artifact: Artifact, repository: string): string {
  return `${repository}@${artifact.digest}`;
}

/** A template whose released container runs another image; everything else stays. */
export function withImage(template: PodTemplate, container: string, image: string): PodTemplate {
  const containers = template.spec.containers.map((one) =>
    one.name === container ? { ...one, image } : one,
  );
  return { ...template, spec: { ...template.spec, containers } };
}

/**
 * What a Deployment runs: by the digest of its image, else by the one digest that its pods report.
 * Null when it runs nothing. `known` are artifacts by which a digest gets its version back.
 * @throws Fault `target.rejected` when the digest cannot be told
 */
export function liveArtifact(
  deployment: Deployment,
  pods: readonly Pod[],
  container: string,
  service: string,
  known: readonly Artifact[],
): Artifact | null {
  const image = imageIn(deployment.spec.template, container);
  const digests = new Set(
    pods.flatMap(({ status }) =>
      status.containerStatuses
        .filter(({ name }) => name === container)
        .map(({ imageID }) => digestOf(imageID)),
    ),
  );
  digests.delete(null);
  const [reported] = digests;
  const digest = digestOf(image) ?? (digests.size === 1 ? (reported ?? null) : null);
  if (digest === null) {
    if (deployment.spec.replicas === 0) return null;
    throw rejected(
      `${deployment.metadata.name} runs ${image}, and its pods do not agree on a digest: release by digest once.`,
    );
  }
  const artifact = known.find((one) => one.digest === digest);
  return artifact ?? { service, version: versionOf(deployment, image, digest), digest };
}

function versionOf({ metadata, spec }: Deployment, image: string, digest: string): string {
  const name = image.replace(/@.*$/, '');
  const tag = /:([\w][\w.-]{0,127})$/.exec(name.slice(name.lastIndexOf('/') + 1))?.[1];
  const label = spec.template.metadata.labels['app.kubernetes.io/version'];
  return metadata.annotations[annotations.version] ?? label ?? tag ?? digest.slice(7, 19);
}

function rejected(message: string): Fault {
  return new Fault('target.rejected', message, { retryable: false });
}
