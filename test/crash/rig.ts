/**
 * A worker process for the crash tests: the real store, queue, worker and delivery, over a cluster
 * that outlives it. It works until every release has ended and every message is delivered. With a
 * failpoint it asks for one release after the other until it dies there, or until a few have gone
 * by without coming to it.
 *
 *   node test/crash/rig.ts <folder> <scenario>
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
import { changePlace } from '#app/change-place.ts';
import { deliverMessages } from '#app/deliver-messages.ts';
import { projectRollout } from '#app/project-rollout.ts';
import { createRollouts } from '#app/rollout/create-rollouts.ts';
import { openRollouts } from '#app/rollout/rollout-stream.ts';
import { runWorker } from '#app/run-worker.ts';
import type { World } from '#app/world.ts';
import { failpointFrom } from '#boot/failpoint.ts';
import { openStorage } from '#boot/storage.ts';
import type { Judgement } from '#core/analysis/verdict.ts';
import { releaseLock } from '#core/place/decide.ts';
import { ok } from '#core/result.ts';
import { secret } from '#core/secret.ts';
import { createLookup } from '#core/settings/lookup.ts';
import { Settings } from '#core/settings/settings.ts';
import type { DeliveryTarget } from '#ports/delivery-target.ts';
import type { Log } from '#ports/log.ts';
import type { HistoryAnswer } from '../invariants/history.ts';
import { fileCluster } from './file-cluster.ts';
import { type Scenario, scenarioSettings, shopArtifact } from './scenario.ts';

// Whoever is killed has no other time to leave it.
flushCompileCache();
const [folder = '', name = 'good'] = process.argv.slice(2);
const scenario: Scenario = name === 'bad' || name === 'rolling' ? name : 'good';
const env = process.env;
const failpoint = failpointFrom(env['FAIL']);
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
const settings = Settings.parse(scenarioSettings(scenario));
const snapshot = { settings, lookup: createLookup(settings, sha256) };
const cluster =
  env['KUBERNETES'] === undefined
    ? fileCluster(folder, shopArtifact('v1'), Number(env['OUTAGE'] ?? 0))
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
  judge: ({ looksBefore, last }) => verdictOf(scenario === 'bad', looksBefore, last),
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
const person = (user: string) => ({
  person: user,
  account: { platform: 'console', tenant: 'console', user },
  displayName: user,
});

async function ask(version: string): Promise<void> {
  const asked = await storage.store.transact((tx) =>
    rollouts.request(tx, {
      intent: 'deploy',
      service: 'shop',
      environment: 'production',
      artifact: shopArtifact(version),
      requester: person('ada'),
      reason: name,
      breakGlass: false,
      steal: false,
      origin: null,
    }),
  );
  const answer: HistoryAnswer = { at: Date.now(), rollout: asked.ok ? asked.value.id : null };
  appendFileSync(`${folder}/answers.jsonl`, `${JSON.stringify(answer)}\n`);
}

async function approveWhatWaits(): Promise<number> {
  const open = await storage.store.transact((tx) => openRollouts(tx));
  for (const rollout of open) {
    if (
      rollout.phase !== 'waiting' ||
      rollout.approvals.some(({ hash }) => hash === rollout.planHash)
    )
      continue;
    await storage.store.transact((tx) =>
      rollouts.change(tx, rollout.id, {
        kind: 'approve',
        by: person('grace'),
        hash: rollout.planHash,
        role: 'approver',
        method: 'chat',
        comment: '',
        evidence: [],
        expiresAt: clock.now() + 3_600_000,
      }),
    );
    await queue
      .wake({ topic: 'rollout', subject: rollout.id, attempt: randomUUID() }, null)
      .catch(() => {});
  }
  return open.length;
}

/** The next release, once nothing is open; what a rollback locked is unlocked first, as a person would. */
async function askForMore(): Promise<void> {
  const before = await storage.store.transact((tx) => tx.streams({ kind: 'rollout' }));
  await storage.store.transact(async (tx) => {
    const release = releaseLock({ by: person('linus'), reason: 'looked at', others: true });
    await changePlace(tx, 'shop', 'production', release, person('linus'));
  });
  await ask(`v${before.length + 2}`);
}

const delivering = new AbortController();
const delivered = messages.run(delivering.signal);
const worker = await runWorker(
  { world, authority, project, owner: `rig-${process.pid}` },
  { concurrency: 4, reconcileMs: 300, chores: [] },
);
/** Whole releases that are asked for in search of a failpoint. */
let more = env['FAIL'] === undefined ? 0 : 2;
for (let turn = 0; turn < 225; turn += 1) {
  if ((await approveWhatWaits()) === 0) {
    const [records, unsent] = await storage.store.transact(async (tx) => [
      await tx.streams({ kind: 'rollout', limit: 1 }),
      await tx.dueSurfaces(tx.now + 3_600_000, 1),
    ]);
    if (more > 0 || records.length === 0) {
      await askForMore();
      more -= 1;
    } else if (unsent.length === 0) break;
  }
  // Each look costs what a step of a release costs.
  await new Promise((resolve) => setTimeout(resolve, 200));
}
await worker.stop();
delivering.abort();
await delivered;
await queue.close();
clock.close();
await storage.close();
process.stdout.write('ended\n');
process.exit(0);
