import { resolve } from 'node:path';
import { createKubernetes, KubernetesTarget } from '#adapters/kubernetes/index.ts';
import { createOciRegistry, OciRegistry } from '#adapters/oci/index.ts';
import type { PrometheusSecrets } from '#adapters/prometheus/index.ts';
import {
  createSandbox,
  SandboxMetrics,
  SandboxRegistry,
  SandboxTarget,
} from '#adapters/sandbox/index.ts';
import type { Secret } from '#core/secret.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { ArtifactRegistry } from '#ports/artifact-registry.ts';
import type { Clock } from '#ports/clock.ts';
import type { DeliveryTarget, TargetRef } from '#ports/delivery-target.ts';
import type { Log } from '#ports/log.ts';
import type { MetricsSource } from '#ports/metrics-source.ts';
import { measureSplit } from './measure-split.ts';
import { createPrometheuses } from './prometheuses.ts';

/** Targets, metrics and registries by the names of the settings. */
export interface Delivery {
  target(name: string): DeliveryTarget;
  metrics(name: string): MetricsSource;
  /** How far the clock of a metrics source is ahead of ours, in ms; null when it has none of its own. */
  metricsClockAhead(name: string): Promise<number | null>;
  registry(name: string): ArtifactRegistry;
  /** Addresses of what runs in the sandbox, for people; empty without one. */
  looks(): Promise<
    readonly { readonly service: string; readonly environment: string; readonly url: string }[]
  >;
  reconfigure(settings: Settings): Promise<void>;
  close(): Promise<void>;
}

/** Makes what the settings name. The boot has checked the names: an unknown one here is a bug. */
export function createDelivery(options: {
  readonly settings: Settings;
  readonly dataFolder: string;
  readonly registryToken: Secret | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly prometheus: PrometheusSecrets;
}): Delivery {
  let settings = options.settings;
  const prometheuses = createPrometheuses(settings, options.prometheus, options.clock);
  const sandbox = createSandbox({
    directory: resolve(options.dataFolder, 'sandbox'),
    clock: options.clock,
    log: options.log,
    ...sandboxParts(settings),
  });

  const metrics = (name: string): MetricsSource =>
    prometheuses.named(name)?.source ?? sandboxOnly(adapterOf('metrics', name), sandbox.metrics);
  const kubernetes = createKubernetes({
    targets: kubernetesTargets(settings),
    clock: options.clock,
    log: options.log,
    measure: measureSplit(() => settings, metrics, options.clock),
  });

  /** By name, with the options it was made for: a registry keeps its tokens until they change. */
  const made = new Map<string, { readonly of: unknown; readonly registry: ArtifactRegistry }>();

  function registryOf(name: string): ArtifactRegistry {
    const adapter = adapterOf('registries', name);
    if (adapter !== 'oci') return sandboxOnly(adapter, sandbox.registry);
    const of = settings.registries[name]?.options;
    const known = made.get(name);
    if (known !== undefined && known.of === of) return known.registry;
    const registry = createOciRegistry(OciRegistry.parse(of), options.registryToken);
    made.set(name, { of, registry });
    return registry;
  }

  function adapterOf(kind: 'targets' | 'metrics' | 'registries', name: string): string {
    const adapter = settings[kind][name]?.adapter;
    if (adapter === undefined) throw new Error(`There is no ${name} among the ${kind}`);
    return adapter;
  }

  return {
    target: (name) =>
      adapterOf('targets', name) === 'kubernetes'
        ? kubernetes.target
        : sandboxOnly(adapterOf('targets', name), sandbox.target),
    metrics,
    metricsClockAhead: async (name) => (await prometheuses.named(name)?.clockAhead()) ?? null,
    registry: registryOf,
    async looks() {
      return usesSandbox(settings) ? sandbox.places().then((places) => places.map(lookOf)) : [];
    },
    async reconfigure(next) {
      settings = next;
      prometheuses.reconfigure(next);
      kubernetes.configure(kubernetesTargets(next));
      if (usesSandbox(next)) await sandbox.configure(sandboxParts(next));
    },
    async close() {
      prometheuses.close();
      await Promise.all([sandbox.close(), kubernetes.close()]);
    },
  };
}

function kubernetesTargets(settings: Settings): Readonly<Record<string, KubernetesTarget>> {
  return Object.fromEntries(
    Object.entries(settings.targets)
      .filter(([, { adapter }]) => adapter === 'kubernetes')
      .map(([name, { options }]) => [name, KubernetesTarget.parse(options)]),
  );
}

function sandboxOnly<T>(adapter: string, made: T): T {
  if (adapter !== 'sandbox') throw new Error(`There is no adapter ${adapter}`);
  return made;
}

function usesSandbox(settings: Settings): boolean {
  return Object.values(settings.targets).some(({ adapter }) => adapter === 'sandbox');
}

function sandboxParts(settings: Settings) {
  const own = <T extends { readonly adapter: string }>(entries: Readonly<Record<string, T>>) =>
    Object.entries(entries).filter(([, { adapter }]) => adapter === 'sandbox');
  const registry = own(settings.registries)[0]?.[1].options ?? {};
  const metrics = own(settings.metrics)[0]?.[1].options ?? {};
  return {
    targets: Object.fromEntries(
      own(settings.targets).map(([name, { options }]) => [name, SandboxTarget.parse(options)]),
    ),
    registry: SandboxRegistry.parse(registry),
    metrics: SandboxMetrics.parse(metrics),
    places: sandboxPlaces(settings),
  };
}

function sandboxPlaces(settings: Settings): readonly TargetRef[] {
  return Object.entries(settings.services).flatMap(([service, { environments }]) =>
    Object.entries(environments).flatMap(([environment, { waves }]) =>
      waves
        .flat()
        .filter((target) => settings.targets[target]?.adapter === 'sandbox')
        .map((target) => ({ target, service, environment })),
    ),
  );
}

function lookOf(place: { readonly ref: TargetRef; readonly url: string }) {
  return { service: place.ref.service, environment: place.ref.environment, url: place.url };
}
