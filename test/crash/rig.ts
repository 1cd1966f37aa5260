/**
 * A worker process for the crash tests: the real store, queue, worker and delivery, over a cluster
 * that outlives it. It works until every release has ended and every message is delivered. With
 * failpoints it asks for one release after the other in every lane until it has come to all of them
 * and dies; after a while it tells to which it did not come.
 *
 *   node test/crash/rig.ts <folder> <lanes as JSON>
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { createBullQueue } from '#adapters/bullmq/bull-queue.ts';
import { openPostgresBackend } from '#adapters/bullmq/postgres-backend.ts';
import { openRedisBackend } from '#adapters/bullmq/redis-backend.ts';
import { createConsolePlatform } from '#adapters/console/platform.ts';
import { createRoster } from '#adapters/console/roster.ts';
import { openDatabaseClock } from '#adapters/system/clock.ts';
import type { Authority } from '#app/authority.ts';
import { deliverMessages } from '#app/deliver-messages.ts';
import { projectRollout } from '#app/project-rollout.ts';
import { createRollouts } from '#app/rollout/create-rollouts.ts';
import { runWorker } from '#app/run-worker.ts';
import type { World } from '#app/world.ts';
import { openStorage } from '#boot/storage.ts';
import type { Judgement } from '#core/analysis/verdict.ts';
import { ok } from '#core/result.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { secret } from '#core/secret.ts';
import { createLookup } from '#core/settings/lookup.ts';
import { Settings } from '#core/settings/settings.ts';
import type { DeliveryTarget } from '#ports/delivery-target.ts';
import type { Log } from '#ports/log.ts';
import { createCrew } from './crew.ts';
import { failpointsFrom } from './failpoints.ts';
import { fileCluster } from './file-cluster.ts';
import { type Lane, laneArtifact, laneSettings, scenarioOf, worse } from './scenario.ts';

// Whoever is killed has no other time to leave it.
flushCompileCache();
const [folder = '', told = '[]'] = process.argv.slice(2);
const lanes: readonly Lane[] = JSON.parse(told);
const env = process.env;
const death = failpointsFrom(env['FAIL']);
const { failpoint } = death;
function write(file: string, message: string, fields?: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(fields, (_key, value) =>
    value instanceof Error ? value.stack : value,
  );
  appendFileSync(`${folder}/${file}`, `${message} ${text}\n`);
}
const log: Log = {
  debug: (message, fields) => write('words.log', message, fields),
  info: (message, fields) => write('words.log', message, fields),
  warn: (message, fields) => write('words.log', message, fields),
  error: (message, fields) => write('errors.log', message, fields),
};
const telemetry = { count() {}, gauge() {}, observe() {} };
const storage = await openStorage({
  url: env['DB'] === undefined ? undefined : secret(env['DB']),
  dataFolder: `${folder}/data`,
  log,
  failpoint,
});
const clock = await openDatabaseClock({
  databaseNow: storage.store.databaseNow,
  log,
  toleranceMs: 60_000,
  onSkew() {},
});
const leaseMs = Number(env['LEASE'] ?? 5000);
const redis = env['REDIS'];
const queue =
  redis === undefined
    ? createBullQueue({
        backend: await openPostgresBackend({ pool: storage.queuePool(), log }),
        clock,
        log,
        telemetry,
        leaseMs,
      })
    : createBullQueue({
        backend: await openRedisBackend({ url: redis, log }),
        clock,
        log,
        telemetry,
        leaseMs,
      });
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const settings = Settings.parse(laneSettings(lanes));
const snapshot = { settings, lookup: createLookup(settings, sha256) };
const cluster =
  env['KUBERNETES'] === undefined
    ? fileCluster(folder, (service) => laneArtifact(service, 'v1'), Number(env['OUTAGE'] ?? 0))
    : await kubernetes(env['KUBERNETES']);

/** Its client takes half a second to load. */
async function kubernetes(options: string): Promise<DeliveryTarget> {
  const { kubernetesTarget } = await import('./kubernetes-target.ts');
  return kubernetesTarget(options, log);
}

// A platform whose messages outlive this process, as those of every real one do.
const platform = createConsolePlatform({
  roster: createRoster(() => settings),
  store: storage.store,
  poke() {},
});

function verdictOf(bad: boolean, looksBefore: number, last: boolean): Judgement {
  return {
    look: looksBefore + 1,
    phase: bad ? 'failed' : last ? 'successful' : 'running',
    action: bad ? 'roll_back' : 'go_on',
    metrics: [],
    summary: bad ? 'errors are worse' : 'no difference',
  };
}

const world: World = {
  settings: () => snapshot,
  store: storage.store,
  queue,
  clock,
  random: { token: () => randomUUID() },
  crypto: {
    sha256,
    digest: (bytes) => createHash('sha256').update(bytes).digest(),
    hmac: (text) =>
      createHmac('sha256', env['SECRET'] ?? '')
        .update(text)
        .digest('hex'),
    equal: (a, b) => a === b,
  },
  log,
  telemetry,
  failpoint,
  judge: ({ analysis, looksBefore, last }) =>
    verdictOf(
      analysis.metrics.some(({ name }) => name === worse),
      looksBefore,
      last,
    ),
  target: () => cluster,
  metrics: () => ({
    read: async () => ({ class: 'ok', samples: [], query: '', notes: [] }),
    lint: () => [],
  }),
  registry: () => ({ resolve: async () => null, list: async () => [] }),
  changes: () => {
    throw new Error('no changes are read here');
  },
  platform: () => platform,
  directory: () => undefined,
  pokeDelivery: () => messages.poke(),
  pokeAnchoring: () => {},
  halted: () => null,
};
const messages = deliverMessages({ ...world, jitter: () => 0.5, platforms: [platform] });
const never = async (): Promise<never> => {
  throw new Error('not asked here');
};
const authority: Authority = {
  identify: never,
  authorise: never,
  holdsRole: async (_actor, role) => ok({ role, evidence: [] }),
  standing: never,
  rolesFor: () => [],
  forget() {},
};
const project = projectRollout(world);
const rollouts = createRollouts(world, project);
const crew = createCrew(world, rollouts, (answer) => {
  appendFileSync(`${folder}/answers.jsonl`, `${JSON.stringify(answer)}\n`);
});

const delivering = new AbortController();
const delivered = messages.run(delivering.signal);
const worker = await runWorker(
  { world, authority, project, owner: `rig-${process.pid}` },
  // Those that stand at a failpoint keep a place, and those that wake them.
  { concurrency: 1000, reconcileMs: 1000, chores: [] },
);
/** Releases asked for in search of the failpoints: somebody moves on while the others stand. */
const perLane = 4;
const sought = new Set(death.missing().map(scenarioOf));
const asked = new Map<string, number>();

/** Asks for the next release of each lane where nothing is open. */
async function askInLanes(open: readonly RolloutState[]): Promise<void> {
  for (const { service, scenario } of lanes) {
    const before = asked.get(service) ?? 0;
    const isOpen = open.some((rollout) => rollout.service === service);
    if (isOpen || !sought.has(scenario) || before >= perLane) continue;
    asked.set(service, before + 1);
    await crew.ask(service);
  }
}

for (let turn = 0; turn < 225; turn += 1) {
  const open = await crew.approveWhatWaits();
  await askInLanes(open);
  if (sought.size === 0 && open.length === 0 && (await crew.allIsTold())) break;
  // Each look costs what a step of a release costs.
  await new Promise((resolve) => setTimeout(resolve, 200));
}
if (sought.size > 0) {
  process.stdout.write(`not reached: ${death.missing().join(',')}\n`);
  process.exit(0);
}
await worker.stop();
delivering.abort();
await delivered;
await queue.close();
clock.close();
await storage.close();
process.exit(0);
