import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { createBullQueue } from '#adapters/bullmq/bull-queue.ts';
import { openPostgresBackend } from '#adapters/bullmq/postgres-backend.ts';
import { openRedisBackend } from '#adapters/bullmq/redis-backend.ts';
import { prometheusSecrets } from '#adapters/prometheus/index.ts';
import { openDatabaseClock } from '#adapters/system/clock.ts';
import { createLog } from '#adapters/system/log.ts';
import { createRandom } from '#adapters/system/random.ts';
import { watchEventLoop } from '#adapters/telemetry/event-loop-lag.ts';
import { metrics } from '#adapters/telemetry/metrics.ts';
import { createTelemetry, type PrometheusTelemetry } from '#adapters/telemetry/telemetry.ts';
import { exportHistory } from '#app/audit/export.ts';
import { proveEvent, verifyProof } from '#app/audit/prove.ts';
import { createBell } from '#app/bell.ts';
import { createChannelAnchor } from '#app/channel-anchor.ts';
import { createCheckpoints } from '#app/checkpoint.ts';
import { keepCheckpoints } from '#app/checkpoint-loop.ts';
import { createHalt } from '#app/halt.ts';
import { formerKeys, joinInstallation } from '#app/installation.ts';
import { refsOf } from '#app/rollout/channels-of.ts';
import type { SettingsSnapshot, World } from '#app/world.ts';
import type { Configuration, LoadedSettings } from '#config.ts';
import { judge } from '#core/analysis/index.ts';
import { parseCheckpoint } from '#core/ledger/checkpoint.ts';
import { createLookup } from '#core/settings/lookup.ts';
import type { ChatPlatform } from '#ports/chat.ts';
import type { Clock } from '#ports/clock.ts';
import type { Directory } from '#ports/directory.ts';
import type { Log } from '#ports/log.ts';
import type { Queue } from '#ports/queue.ts';
import type { EventProof } from '#ports/reader.ts';
import type { Telemetry } from '#ports/telemetry.ts';
import { createDelivery, type Delivery } from './adapters.ts';
import { openAuditing } from './auditing.ts';
import { CannotStart } from './cannot-start.ts';
import { failpointFrom } from './failpoint.ts';
import { setGauges } from './gauges.ts';
import { createHosts } from './hosts.ts';
import { installationKeys, openCrypto } from './installation-keys.ts';
import { openStorage, type Storage } from './storage.ts';

/** What every long-running process has, whatever it serves. */
export interface Core {
  readonly world: World;
  readonly storage: Storage;
  readonly delivery: Delivery;
  readonly telemetry: PrometheusTelemetry;
  /** Names this process in claims and logs. */
  readonly owner: string;
  /** True while this machine's clock is too far from the database's to keep leases. */
  tooMuchSkew(): boolean;
  /** Adds a chat platform and its directory. Before anything is served. */
  join(platform: ChatPlatform, directory: Directory): void;
  apply(loaded: LoadedSettings): Promise<void>;
  /** Keeps the history anchored until the signal. */
  keepHistory(signal: AbortSignal): Promise<void>;
  /** The whole history, as auditors take it away. */
  exportHistory(): AsyncIterable<string>;
  prove(seq: number): Promise<EventProof | null>;
  /** Who pokes the delivery of messages, once it runs. */
  onPoke(poke: () => void): void;
  close(): Promise<void>;
}

/** A lease of the queue; a quarter of it is the skew that is put up with. */
const leaseMs = 15_000;

/** Opens everything outside, in the order in which the parts need each other. */
export async function openCore(configuration: Configuration): Promise<Core> {
  const { environment } = configuration;
  const log = createLog({
    level: environment.SIGNALBOX_LOG,
    destination: process.stderr,
  });
  const failpoint = failpointFrom(environment.SIGNALBOX_FAILPOINT);
  const dataFolder = resolve(environment.SIGNALBOX_DATA);
  const eventLoop = watchEventLoop();
  const telemetry = createTelemetry({
    metrics,
    collect: (each) => setGauges(each, { store: storage.store, queue, eventLoop }),
  });
  const storage = await openStorage({ url: environment.DATABASE_URL, dataFolder, log, failpoint });
  const { secret, crypto } = openCrypto(configuration);
  const clock = await openDatabaseClock({
    databaseNow: storage.store.databaseNow,
    log,
    toleranceMs: leaseMs / 4,
    onSkew(skewMs, tooMuch) {
      telemetry.telemetry.gauge('clock_skew_seconds', skewMs / 1000);
      if (tooMuch)
        log.error('The clock is too far from the database: no work is taken', { skewMs });
    },
  });
  const queue = await openQueue(configuration, storage, {
    clock,
    log,
    telemetry: telemetry.telemetry,
    leaseMs,
  });
  const delivery = createDelivery({
    settings: configuration.settings,
    dataFolder,
    registryToken: environment.SIGNALBOX_REGISTRY_TOKEN,
    clock,
    log,
    prometheus: prometheusSecrets(environment),
  });
  const platforms = new Map<string, { platform: ChatPlatform; directory: Directory }>();
  const owner = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  let snapshot = snapshotOf(configuration, crypto.sha256);
  const halt = createHalt(log);
  const former = await formerKeys(storage.store, crypto.digest);
  const auditing = openAuditing(configuration, crypto, former);
  const anchoring = createBell();
  let poke = (): void => {};

  const world: World = {
    settings: () => snapshot,
    store: storage.store,
    queue,
    clock,
    random: createRandom(),
    crypto,
    log,
    telemetry: telemetry.telemetry,
    failpoint,
    judge,
    target: delivery.target,
    metrics: delivery.metrics,
    registry: delivery.registry,
    changes: createHosts(() => snapshot.settings, environment),
    platform: (name) => platforms.get(name)?.platform,
    directory: (name) => platforms.get(name)?.directory,
    pokeDelivery: () => poke(),
    pokeAnchoring: anchoring.ring,
    halted: halt.halted,
  };
  const channelAnchor = createChannelAnchor({ ...world, sha256: crypto.sha256 }, () => {
    const { audit, channels } = snapshot.settings;
    const refs = audit.channel === undefined ? [] : refsOf(channels[audit.channel]);
    return refs.filter(({ platform }) => world.platform(platform) !== undefined);
  });
  const checkpoints = createCheckpoints({
    history: storage.history,
    ...auditing,
    anchors: [...auditing.anchors, channelAnchor],
    halt,
    clock,
    log,
  });
  await checkpoints.compare();
  if (halt.halted() === null) {
    const keys = installationKeys(crypto, auditing, secret);
    refuseOtherKeys(await joinInstallation(storage.store, keys));
  }

  return {
    world,
    storage,
    delivery,
    telemetry,
    owner,
    tooMuchSkew: clock.tooMuchSkew,
    join(platform, directory) {
      platforms.set(platform.name, { platform, directory });
    },
    async apply(loaded) {
      snapshot = snapshotOf(loaded, crypto.sha256);
      await delivery.reconfigure(loaded.settings);
      log.info('The settings changed', { digest: loaded.digest, file: loaded.file });
    },
    keepHistory: (signal) => keepCheckpoints(checkpoints, { log, signal, bell: anchoring }),
    exportHistory: () => exportHistory(storage.history, auditing.trust),
    async prove(seq) {
      const proof = await proveEvent(storage.history, crypto.digest, seq);
      if (proof === null) return null;
      const { trust } = auditing;
      const size = parseCheckpoint(proof.checkpoint)?.size ?? 0;
      return { seq, size, holds: verifyProof(trust, proof), proof };
    },
    onPoke(next) {
      poke = next;
    },
    async close() {
      eventLoop.close();
      await queue.close();
      await delivery.close();
      clock.close();
      await storage.close();
    },
  };
}

/** @throws CannotStart when there is a difference */
function refuseOtherKeys(differences: readonly string[]): void {
  if (differences.length === 0) return;
  const named = differences.join(' and ');
  throw new CannotStart(
    `This process has another ${named} than the installation that this database belongs to. ` +
      'Give all its processes the same ones, by environment or by a shared data folder. ' +
      'If they were changed on purpose: signalbox audit accept --reason "…"',
  );
}

function snapshotOf(loaded: LoadedSettings, sha256: (text: string) => string): SettingsSnapshot {
  return { settings: loaded.settings, lookup: createLookup(loaded.settings, sha256) };
}

async function openQueue(
  { environment }: Configuration,
  storage: Storage,
  options: {
    readonly clock: Clock;
    readonly log: Log;
    readonly telemetry: Telemetry;
    readonly leaseMs: number;
  },
): Promise<Queue> {
  const { log } = options;
  const redis = environment.REDIS_URL?.reveal();
  if (redis !== undefined) {
    return createBullQueue({ backend: await openRedisBackend({ url: redis, log }), ...options });
  }
  const backend = await openPostgresBackend({ pool: storage.queuePool(), log });
  return createBullQueue({ backend, ...options });
}
