import { getCompileCacheDir } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { ArtifactRegistry } from '#ports/artifact-registry.ts';
import type { Clock } from '#ports/clock.ts';
import type { DeliveryTarget, TargetRef } from '#ports/delivery-target.ts';
import type { Log } from '#ports/log.ts';
import type { MetricsSource } from '#ports/metrics-source.ts';
import { createSandboxRegistry } from './artifact-registry.ts';
import { createSandboxTarget } from './delivery-target.ts';
import { createHostClient } from './host-client.ts';
import { createSandboxMetrics } from './metrics-source.ts';
import type { SandboxMetrics, SandboxRegistry, SandboxTarget } from './options.ts';
import { PlaceReport, type SandboxSettings } from './wire.ts';

export { demoCatalogue } from './catalogue.ts';
export { SandboxMetrics, SandboxRegistry, SandboxTarget } from './options.ts';

/** The settings of everything that uses the adapter `sandbox`. */
interface SandboxParts {
  /** By the name of the target. */
  readonly targets: Readonly<Record<string, SandboxTarget>>;
  readonly registry: SandboxRegistry;
  readonly metrics: SandboxMetrics;
  /** Brought up with the first call, so that there is something to see; others when asked for. */
  readonly places: readonly TargetRef[];
}

interface SandboxOptions extends SandboxParts {
  /** Where it keeps what runs; one host process owns it, whoever else uses it. */
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How long everything goes on after the last Signalbox process died without a word. */
  readonly lingerMs?: number;
  /** Where Node keeps what it made of the code; when absent where this process does, or within `directory`. */
  readonly cacheDirectory?: string;
}

interface Sandbox {
  readonly target: DeliveryTarget;
  readonly registry: ArtifactRegistry;
  readonly metrics: MetricsSource;
  /** What is up and where to look at it. Starts the sandbox when it is not running. */
  places(): Promise<readonly PlaceReport[]>;
  /** Ends what runs at a place until it is asked for again; what it is to run is kept. */
  rest(ref: TargetRef): Promise<void>;
  /** New settings, for places that come up from now on. */
  configure(parts: SandboxParts): Promise<void>;
  /** Ends everything, unless another Signalbox process uses it too. */
  close(): Promise<void>;
}

/**
 * A demo world on this machine: real processes behind a weighted proxy, with visitors. Nothing is
 * started before the first call that needs it.
 */
export function createSandbox(options: SandboxOptions): Sandbox {
  const { directory, clock, log, lingerMs = 10_000 } = options;
  const { cacheDirectory = ownCache() ?? join(directory, 'cache') } = options;
  const start = { directory, cacheDirectory, lingerMs, log };
  const host = createHostClient({ start, settings: settingsOf(options) });

  return {
    target: createSandboxTarget(host),
    registry: createSandboxRegistry(options.registry.services),
    metrics: createSandboxMetrics(host, clock),
    places: () => host.ask({ method: 'places' }, z.array(PlaceReport)),
    async rest(ref) {
      await host.ask({ method: 'rest', ref }, z.null());
    },
    configure: (parts) => host.configure(settingsOf(parts)),
    close: host.close,
  };
}

/** Node keeps a folder for each version of itself: this is the one above. */
function ownCache(): string | null {
  const folder = getCompileCacheDir();
  return folder === undefined ? null : dirname(folder);
}

function settingsOf({ targets, registry, metrics, places }: SandboxParts): SandboxSettings {
  return { targets: { ...targets }, services: registry.services, metrics, places: [...places] };
}
