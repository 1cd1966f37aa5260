import { createHash } from 'node:crypto';
import type { Artifact } from '#core/release.ts';
import { imageOf, withImage } from './artifact-images.ts';
import { annotations, labels, trafficGate } from './names.ts';
import type { PodTemplate } from './objects.ts';
import type { KubernetesJob } from './options.ts';
import type { Place } from './place.ts';
import { marksOf, type Recorded } from './recorded.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * What we say of stable's Deployment: image, annotations, and its size where that is ours. Applied
 * whole each time, since what is left out is taken back.
 */
export function stableBody(
  place: Place,
  recorded: Recorded,
  artifact: Artifact | null,
  copies: number | null,
): Body {
  const { anchor, container, repository } = place;
  const { name, namespace, uid, resourceVersion } = anchor.metadata;
  const image =
    artifact === null
      ? undefined
      : {
          template: {
            spec: { containers: [{ name: container, image: imageOf(artifact, repository) }] },
          },
        };
  return {
    metadata: {
      name,
      namespace,
      uid,
      resourceVersion,
      annotations: {
        [annotations.state]: JSON.stringify(recorded),
        ...marksOf(recorded),
        ...(artifact === null ? {} : { [annotations.version]: artifact.version }),
      },
    },
    ...(image === undefined && copies === null
      ? {}
      : { spec: { ...image, ...(copies === null ? {} : { replicas: copies }) } }),
  };
}

/** The Deployment that we bring up beside stable: its template with another image and labels. */
export function besideBody(
  place: Place,
  recorded: Recorded,
  side: 'candidate' | 'baseline',
  artifact: Artifact,
  copies: number,
): Body {
  const { anchor, container, repository, names } = place;
  const own = {
    [labels.side]: side,
    [labels.beside]: names.deployment,
  };
  const selector = side === 'candidate' ? (place.candidateService?.spec.selector ?? {}) : {};
  const released = withImage(anchor.spec.template, container, imageOf(artifact, repository));
  const podLabels = { ...released.metadata.labels, ...selector, ...own };
  const template: PodTemplate = {
    metadata: { ...released.metadata, labels: podLabels },
    spec: { ...released.spec, ...(isGated(place, side) ? gates(released) : {}) },
  };
  const existing = side === 'candidate' ? place.candidate : place.baseline;
  return {
    metadata: {
      name: side === 'candidate' ? names.candidate : names.baseline,
      namespace: names.namespace,
      ...(existing === null
        ? {}
        : { uid: existing.metadata.uid, resourceVersion: existing.metadata.resourceVersion }),
      labels: own,
      annotations: {
        [annotations.allow]: anchor.metadata.annotations[annotations.allow] ?? '',
        [annotations.version]: artifact.version,
        ...marksOf(recorded),
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: anchor.metadata.name,
          uid: anchor.metadata.uid,
        },
      ],
    },
    spec: {
      replicas: copies,
      // Our own deadline is in force; pods that wait at the gate are no failure.
      progressDeadlineSeconds: 2_147_483_647,
      revisionHistoryLimit: 1,
      // Its bits change only while it has no traffic; pods at the gate would hold up a rolling update.
      strategy: { type: 'Recreate' },
      selector: { matchLabels: own },
      template,
    },
  };
}

/** A Job in the place of the release: stable's pod with one container and a command. */
export function jobBody(
  place: Place,
  recorded: Recorded,
  name: string,
  job: Extract<KubernetesJob, { kind: 'job' }>,
  artifact: Artifact,
): Body {
  const { anchor, container, repository, names } = place;
  const template = withImage(
    anchor.spec.template,
    container,
    job.image ?? imageOf(artifact, repository),
  );
  const released = template.spec.containers.find((one) => one.name === container);
  const { livenessProbe, readinessProbe, startupProbe, lifecycle, ports, ...bare } = released ?? {
    name: container,
    image: '',
  };
  const own = { [labels.job]: name, [labels.beside]: names.deployment, [labels.side]: 'job' };
  return {
    metadata: {
      name: jobName(place, recorded, name, artifact),
      namespace: names.namespace,
      labels: own,
      annotations: { ...marksOf(recorded) },
    },
    spec: {
      backoffLimit: job.retries,
      activeDeadlineSeconds: job.deadline,
      template: {
        metadata: { labels: own, annotations: template.metadata.annotations },
        spec: {
          ...template.spec,
          containers: [{ ...bare, command: job.command, args: [] }],
          restartPolicy: 'Never',
        },
      },
    },
  };
}

/** One Job per rollout, job and bits: asked again, it is the same one. */
export function jobName(
  place: Place,
  { desired }: Recorded,
  job: string,
  artifact: Artifact,
): string {
  const key = JSON.stringify([desired.stamp?.rollout, job, artifact.digest]);
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 10);
  return `${place.names.deployment.slice(0, 30)}-${job.slice(0, 20)}-${hash}`;
}

/** Where shares are copies, pods of the candidate wait at a gate until they are let in. */
function isGated({ names }: Place, side: 'candidate' | 'baseline'): boolean {
  return side === 'candidate' && names.settings.traffic.kind === 'replicas';
}

function gates({ spec }: PodTemplate) {
  const present = Array.isArray(spec['readinessGates']) ? spec['readinessGates'] : [];
  return { readinessGates: [...present, { conditionType: trafficGate }] };
}
