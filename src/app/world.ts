import type { Judge } from '#core/analysis/judge.ts';
import type { RegistryLookup } from '#core/settings/lookup.ts';
import type { Settings } from '#core/settings/settings.ts';
import type { ArtifactRegistry } from '#ports/artifact-registry.ts';
import type { ChangeSource } from '#ports/change-source.ts';
import type { ChatPlatform } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Crypto } from '#ports/crypto.ts';
import type { DeliveryTarget } from '#ports/delivery-target.ts';
import type { Directory } from '#ports/directory.ts';
import type { Failpoint } from '#ports/failpoint.ts';
import type { Log } from '#ports/log.ts';
import type { MetricsSource } from '#ports/metrics-source.ts';
import type { Queue } from '#ports/queue.ts';
import type { Random } from '#ports/random.ts';
import type { Store } from '#ports/store.ts';
import type { Telemetry } from '#ports/telemetry.ts';

/** The settings in force, replaced whole when the file changes. */
export interface SettingsSnapshot {
  readonly settings: Settings;
  readonly lookup: RegistryLookup;
}

/** Everything outside that the use cases act through, chosen once by `main.ts`. */
export interface World {
  readonly settings: () => SettingsSnapshot;
  readonly store: Store;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly failpoint: Failpoint;
  readonly judge: Judge;
  /** By the names of the settings. An unknown name is a bug: the boot has checked them all. */
  readonly target: (name: string) => DeliveryTarget;
  readonly metrics: (name: string) => MetricsSource;
  readonly registry: (name: string) => ArtifactRegistry;
  readonly changes: (host: string) => ChangeSource;
  /** By platform name; undefined where that platform is not configured. */
  readonly platform: (name: string) => ChatPlatform | undefined;
  readonly directory: (platform: string) => Directory | undefined;
  /** Pokes the delivery loop: something urgent is due. */
  readonly pokeDelivery: () => void;
  /** Has the history anchored soon: something changed on production. */
  readonly pokeAnchoring: () => void;
  /** Set when history does not match its newest anchor: nothing is done until a person has looked. */
  readonly halted: () => string | null;
}
