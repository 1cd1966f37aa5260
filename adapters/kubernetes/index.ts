import { Fault } from '#core/fault.ts';
import type { Clock } from '#ports/clock.ts';
import type { DeliveryTarget } from '#ports/delivery-target.ts';
import type { Log } from '#ports/log.ts';
import { type Api, createApi } from './api.ts';
import { openConnection } from './connection.ts';
import { createKubernetesDelivery, type MeasureSplit } from './delivery-target.ts';
import { createObserving } from './observing.ts';
import type { KubernetesTarget } from './options.ts';
import { createTransport, type Transport } from './transport.ts';

export type { MeasureSplit } from './delivery-target.ts';
export { KubernetesTarget } from './options.ts';

interface KubernetesOptions {
  /** By the name of the target. */
  readonly targets: Readonly<Record<string, KubernetesTarget>>;
  readonly clock: Clock;
  readonly log: Log;
  /** What the metrics sources saw of a split; absent: nothing is measured. */
  readonly measure?: MeasureSplit;
  /** Longest time between two looks at a place on its way; changes that are seen end it. */
  readonly pauseMs?: number;
  readonly jitter?: () => number;
}

interface Kubernetes {
  readonly target: DeliveryTarget;
  /** New settings, for everything from now on. */
  configure(targets: KubernetesOptions['targets']): void;
  close(): Promise<void>;
}

/** Namespaces of Kubernetes clusters as targets. Nothing is connected before the first call. */
export function createKubernetes(options: KubernetesOptions): Kubernetes {
  let { targets } = options;
  const transports = new Map<string, Transport>();

  function settings(name: string): KubernetesTarget {
    const found = targets[name];
    if (found !== undefined) return found;
    throw new Fault('target.rejected', `There is no target ${name} in the settings.`, {
      retryable: false,
    });
  }

  /** Targets with the same credentials share their connections. */
  function api(name: string): Api {
    const { access, namespace } = settings(name);
    const key = JSON.stringify(access);
    const transport = transports.get(key) ?? createTransport(openConnection(access));
    transports.set(key, transport);
    return createApi(transport, namespace);
  }

  const observing = createObserving({
    open(name) {
      const { access, namespace } = settings(name);
      api(name);
      const transport = transports.get(JSON.stringify(access));
      return transport === undefined ? null : { transport, namespace };
    },
    jitter: options.jitter ?? Math.random,
  });
  const delivery = createKubernetesDelivery({
    observing,
    settings,
    api,
    measure: options.measure ?? (async () => null),
    clock: options.clock,
    log: options.log,
    pauseMs: options.pauseMs ?? 2000,
  });

  return {
    target: delivery.target,
    configure(next) {
      targets = next;
    },
    async close() {
      await observing.close();
      await delivery.close();
      for (const transport of transports.values()) transport.close();
    },
  };
}
