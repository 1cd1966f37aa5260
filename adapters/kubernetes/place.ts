import { createHash } from 'node:crypto';
import { Fault } from '#core/fault.ts';
import type { Artifact } from '#core/release.ts';
import type { TargetRef } from '#ports/delivery-target.ts';
import { type Api, kinds } from './api.ts';
import { containerOf, imageIn, liveArtifact, repositoryOf } from './artifact-images.ts';
import { baselineName, candidateName, labels } from './names.ts';
import { Autoscaler, Deployment, HttpRoute, Job, Pod, Service } from './objects.ts';
import type { KubernetesTarget, ServiceAt } from './options.ts';
import { type Recorded, recordedAt, templateHash } from './recorded.ts';

/** Names of the objects of a service at a target. */
export interface PlaceNames {
  readonly ref: TargetRef;
  readonly namespace: string;
  readonly settings: ServiceAt;
  readonly deployment: string;
  readonly candidate: string;
  readonly baseline: string;
  readonly stableService: string | null;
  readonly candidateService: string | null;
  readonly route: string | null;
  readonly settleMs: number;
}

/** What was seen in traffic lately. */
export interface SeenSplit {
  readonly candidate: number;
  readonly total: number;
}

/** Where an object lives, by uids; it stays there for life, and no other object gets its uid. */
export interface Home {
  readonly object: string;
  readonly cluster: string | null;
  readonly namespace: string | null;
}

/** Everything of a service at a target, read at about one moment. */
export interface Place {
  readonly names: PlaceNames;
  readonly home: Home;
  readonly identity: string;
  readonly container: string;
  /** Without tag and digest. */
  readonly repository: string;
  readonly anchor: Deployment;
  readonly recorded: Recorded | null;
  readonly live: Artifact | null;
  readonly template: string;
  readonly candidate: Deployment | null;
  /** What the candidate's Deployment is told to run. */
  readonly beside: Artifact | null;
  readonly baseline: Deployment | null;
  readonly stableService: Service | null;
  readonly candidateService: Service | null;
  readonly route: HttpRoute | null;
  readonly autoscaler: Autoscaler | null;
  /** Of stable; without those that are on their way out. */
  readonly stablePods: readonly Pod[];
  readonly candidatePods: readonly Pod[];
  readonly jobs: readonly Job[];
}

/** The names of everything that a service has at a target. */
export function namesOf(ref: TargetRef, target: KubernetesTarget, settings: ServiceAt): PlaceNames {
  const deployment = settings.deployment ?? ref.service;
  const { traffic } = settings;
  const stableService = traffic.kind === 'replicas' ? null : (traffic.stable ?? ref.service);
  return {
    ref,
    namespace: target.namespace,
    settings,
    deployment,
    candidate: candidateName(deployment),
    baseline: baselineName(deployment),
    stableService,
    candidateService:
      traffic.kind === 'replicas' ? null : (traffic.candidate ?? `${stableService}-candidate`),
    route: traffic.kind === 'gateway' ? (traffic.route ?? ref.service) : null,
    settleMs: target.settle * 1000,
  };
}

/**
 * Reads everything of a place, but for its home where that is known already.
 * @throws Fault `target.unavailable`; `target.rejected` when what the settings name is not there
 */
export async function readPlace(
  api: Api,
  names: PlaceNames,
  knownHome: Home | null,
): Promise<Place> {
  const { deployment: name } = names;
  const maybe = <T>(wanted: string | null, read: (name: string) => Promise<T | null>) =>
    wanted === null ? Promise.resolve(null) : read(wanted);
  const anchor = await api.get(kinds.deployment, name, Deployment);
  if (anchor === null) {
    throw rejected(`There is no Deployment ${name} in the namespace ${names.namespace}.`);
  }
  const { uid } = anchor.metadata;
  const selector = Object.entries(anchor.spec.selector.matchLabels).map(pair).join(',');
  const beside = `${labels.beside}=${name}`;
  const [home, ours, stableService, candidateService, route, autoscalers, jobs, pods, apart] =
    await Promise.all([
      knownHome?.object === uid ? knownHome : readHome(api, names.namespace, uid),
      api.list(kinds.deployment, Deployment, beside),
      maybe(names.stableService, (one) => api.get(kinds.service, one, Service)),
      maybe(names.candidateService, (one) => api.get(kinds.service, one, Service)),
      maybe(names.route, (one) => api.get(kinds.httpRoute, one, HttpRoute)),
      api.list(kinds.autoscaler, Autoscaler),
      Object.keys(names.settings.jobs).length === 0 ? [] : api.list(kinds.job, Job, beside),
      api.list(kinds.pod, Pod, selector),
      // Where shares are copies, the pods beside stable have its labels.
      names.stableService === null ? null : api.list(kinds.pod, Pod, beside),
    ]);
  requireAll(names, { stableService, candidateService, route });
  const container = containerOf(anchor.spec.template, names.settings.container);
  const recorded = recordedAt(anchor);
  const known = [recorded?.desired.stable, recorded?.desired.candidate?.artifact].filter(
    (artifact) => artifact != null,
  );
  const stablePods = pods.filter(
    ({ metadata }) => metadata.labels[labels.side] === undefined && isStaying(metadata),
  );
  const named = (wanted: string): Deployment | null =>
    ours.find(({ metadata }) => metadata.name === wanted) ?? null;
  const candidate = named(names.candidate);
  return {
    names,
    home,
    identity: identityOf([home.cluster, home.namespace, uid, route?.metadata.uid], names),
    container,
    repository: names.settings.image ?? repositoryOf(imageIn(anchor.spec.template, container)),
    anchor,
    recorded,
    live: liveArtifact(anchor, stablePods, container, names.ref.service, known),
    template: templateHash(anchor.spec.template, container),
    candidate,
    beside:
      candidate === null ? null : liveArtifact(candidate, [], container, names.ref.service, known),
    baseline: named(names.baseline),
    stableService,
    candidateService,
    route,
    autoscaler:
      autoscalers.find(
        ({ spec }) =>
          spec.scaleTargetRef.kind === 'Deployment' && spec.scaleTargetRef.name === name,
      ) ?? null,
    stablePods,
    candidatePods: (apart ?? pods).filter(
      ({ metadata }) =>
        metadata.labels[labels.side] === 'candidate' &&
        metadata.labels[labels.beside] === name &&
        isStaying(metadata),
    ),
    jobs,
  };
}

async function readHome(api: Api, namespace: string, object: string): Promise<Home> {
  const [cluster, space] = await Promise.all([
    api.namespaceUid('kube-system'),
    api.namespaceUid(namespace),
  ]);
  return { object, cluster, namespace: space };
}

/** Cluster, namespace and objects in one opaque text; another object of the same name is another. */
function identityOf(uids: readonly (string | null | undefined)[], names: PlaceNames): string {
  const hash = createHash('sha256').update(JSON.stringify(uids)).digest('hex').slice(0, 20);
  return `kubernetes/${uids[0] ?? ''}/${names.namespace}/${names.deployment}/${hash}`;
}

function requireAll(
  names: PlaceNames,
  found: Pick<Place, 'stableService' | 'candidateService' | 'route'>,
): void {
  const missing = [
    names.stableService !== null && found.stableService === null
      ? `Service ${names.stableService}`
      : null,
    names.candidateService !== null && found.candidateService === null
      ? `Service ${names.candidateService}`
      : null,
    names.route !== null && found.route === null ? `HTTPRoute ${names.route}` : null,
  ].filter((name) => name !== null);
  if (missing.length === 0) return;
  throw rejected(`In the namespace ${names.namespace} there is no ${missing.join(' and no ')}.`);
}

function isStaying({ deletionTimestamp }: { readonly deletionTimestamp?: string | undefined }) {
  return deletionTimestamp === undefined;
}

function pair([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
}

function rejected(message: string): Fault {
  return new Fault('target.rejected', message, { retryable: false });
}
