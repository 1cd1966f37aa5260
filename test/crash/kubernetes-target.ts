import { createKubernetes, KubernetesTarget } from '#adapters/kubernetes/index.ts';
import type { DeliveryTarget } from '#ports/delivery-target.ts';
import type { Log } from '#ports/log.ts';

/** The cluster of the crash tests, a namespace; `options` are those of the target, as JSON. */
export function kubernetesTarget(options: string, log: Log): DeliveryTarget {
  const cluster = KubernetesTarget.parse(JSON.parse(options));
  return createKubernetes({ targets: { cluster }, clock: { now: Date.now }, log }).target;
}
