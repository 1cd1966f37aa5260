import { createKubernetes, KubernetesTarget } from '#adapters/kubernetes/index.ts';
import type { DeliveryTarget } from '#ports/delivery-target.ts';
import type { Log } from '#ports/log.ts';

/** The shop of the crash tests in a namespace; `options` are those of the target, as JSON. */
export function kubernetesTarget(options: string, log: Log): DeliveryTarget {
  const shop = KubernetesTarget.parse(JSON.parse(options));
  return createKubernetes({ targets: { shop }, clock: { now: Date.now }, log }).target;
}
