import { digestOf } from './artifact-images.ts';
import { trafficGate } from './names.ts';
import { isTrue, type Pod } from './objects.ts';
import type { Place } from './place.ts';
import type { Recorded } from './recorded.ts';
import { type Copies, copiesBeside, splitCopies } from './split-copies.ts';

/** What a record asks for, in copies. */
export interface Wanted {
  readonly stable: number;
  /** Pods of the candidate; more than `serving` may wait without traffic. */
  readonly candidate: number;
  /** Pods of the candidate that get traffic, where shares are copies. */
  readonly serving: number;
}

/** Copies of stable at full capacity: as recorded, or as the autoscaler has it now. */
export function fullCopies(place: Place, recorded: Recorded): number {
  const { autoscaler, anchor } = place;
  if (autoscaler === null) return recorded.copies;
  return Math.max(recorded.copies, anchor.spec.replicas);
}

/** How many copies a side needs for `weight` percent of the traffic. */
export function wantedCopies(place: Place, recorded: Recorded, weight: number): Wanted {
  const full = fullCopies(place, recorded);
  const { candidate } = recorded.desired;
  const percent = Math.max(candidate?.capacityPercent ?? 0, weight);
  const capacity = candidate === null && weight === 0 ? 0 : atLeastOne((full * percent) / 100);
  const { traffic } = place.names.settings;
  if (traffic.kind !== 'replicas') {
    return { stable: place.anchor.spec.replicas, candidate: capacity, serving: capacity };
  }
  const split = splitFor(place, full, weight, traffic.surge);
  return {
    stable: split.stable,
    candidate: Math.max(split.candidate, candidate === null ? 0 : prepared(full, candidate)),
    serving: split.candidate,
  };
}

/** Where shares are copies, a further copy would change the split. */
export function takesBaseline({ names }: Place): boolean {
  return names.settings.traffic.kind !== 'replicas';
}

/** Pods that run these bits and could serve. */
export function readyWith(pods: readonly Pod[], digest: string, container: string): readonly Pod[] {
  return pods.filter(
    (pod) => runs(pod, digest, container) && isTrue(pod.status.conditions, 'ContainersReady'),
  );
}

/** Pods that get traffic now. */
export function servingPods(pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(({ status }) => isTrue(status.conditions, 'Ready'));
}

/** Whether a pod waits at our gate although it could serve. */
export function isGateOpen({ status }: Pod): boolean {
  return isTrue(status.conditions, trafficGate);
}

/** Whether a pod runs exactly these bits. */
export function runs({ spec }: Pod, digest: string, container: string): boolean {
  return spec.containers.some(
    ({ name, image }) => name === container && digestOf(image) === digest,
  );
}

function splitFor(place: Place, full: number, weight: number, surge: boolean): Copies {
  return place.autoscaler === null
    ? splitCopies(full, weight, surge)
    : copiesBeside(place.anchor.spec.replicas, weight, full);
}

function prepared(full: number, { capacityPercent }: { readonly capacityPercent: number }): number {
  return atLeastOne((full * capacityPercent) / 100);
}

function atLeastOne(copies: number): number {
  return Math.max(1, Math.ceil(copies));
}
