import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRollout, readRolloutEvent } from '#app/rollout/trust-boundary.ts';
import { openStorage, type Storage } from '#boot/storage.ts';
import { type FailpointName, failpointNames } from '#core/failpoints.ts';
import { fold, type Recorded } from '#core/rollout/evolve.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { secret } from '#core/secret.ts';
import { freshDatabase } from '../fresh-database.ts';
import { type RunningServer, requireServer, startRedis } from '../servers.ts';
import { effectsOf, wayBack } from './file-cluster.ts';
import type { Scenario } from './scenario.ts';

const rig = new URL('./rig.ts', import.meta.url).pathname;
const log = { debug() {}, info() {}, warn() {}, error() {} };
type Backend = Readonly<Record<string, string>>;

/** Runs the rig once. Resolves with how it ended. */
function run(folder: string, scenario: Scenario, env: Backend): Promise<'killed' | 'ended'> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [rig, folder, scenario], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString();
    });
    child.stderr.on('data', (part: Buffer) => {
      said += part.toString();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve('killed');
      else if (code === 0) resolve('ended');
      else reject(new Error(`The rig failed: ${code} ${said}`));
    });
  });
}

/** In which kind of release a failpoint is reached. */
function scenarioOf(name: FailpointName): Scenario {
  if (name.endsWith('-replace')) return 'rolling';
  if (name.endsWith('-restore') || name.endsWith('-back')) return 'bad';
  return 'good';
}

const ends = { good: 'succeeded', bad: 'rolled_back', rolling: 'succeeded' } as const;

interface Told {
  readonly states: readonly RolloutState[];
  readonly folded: readonly (RolloutState | null)[];
  readonly unsent: number;
}

async function readAll(folder: string, backend: Backend): Promise<Told> {
  const url = backend['DB'];
  const storage: Storage = await openStorage({
    url: url === undefined ? undefined : secret(url),
    dataFolder: `${folder}/data`,
    log,
    failpoint: async () => {},
  });
  const told = await storage.store.transact(async (tx) => {
    const records = await tx.streams({ kind: 'rollout' });
    const folded: (RolloutState | null)[] = [];
    for (const { id } of records) {
      const events = await tx.events({ stream: id });
      folded.push(
        fold(
          events.map(
            ({ at, actor, body }): Recorded => ({ at, actor, event: readRolloutEvent(body) }),
          ),
        ),
      );
    }
    const unsent = await tx.dueSurfaces(tx.now + 3_600_000, 10);
    return {
      states: records.map(({ row }) => readRollout(row.state)),
      folded,
      unsent: unsent.length,
    };
  });
  await storage.close();
  return told;
}

/**
 * What must hold of what the cluster itself wrote down: I1 every effect was approved under exactly
 * its plan, I2 no effect twice, I4 fences never fall within a rollout, I10 back to what ran before.
 */
function checkEffects(folder: string, states: readonly RolloutState[]): void {
  const effects = effectsOf(folder);
  for (const state of states) {
    const own = effects.filter(({ stamp }) => stamp.rollout === state.id);
    const fences = own.map(({ stamp }) => stamp.fence);
    expect(fences).toEqual([...fences].sort((a, b) => a - b));
    const keys = own
      .filter(({ stamp }) => stamp.step !== wayBack)
      .map(({ change, stamp }) => `${stamp.step}/${change.kind}`);
    expect(keys).toEqual([...new Set(keys)]);
    const hashes = new Set(own.map(({ stamp }) => stamp.planHash));
    const approved = state.approvals.map(({ hash }) => hash);
    expect([...hashes].filter((hash) => !approved.includes(hash))).toEqual([]);
  }
}

/** Dies at one failpoint after the other on the same data, then comes to a good end. */
async function dieEverywhere(folder: string, scenario: Scenario, backend: Backend): Promise<void> {
  const names = failpointNames.filter((name) => scenarioOf(name) === scenario);
  for (const name of names) {
    expect([name, await run(folder, scenario, { ...backend, FAIL: name })]).toEqual([
      name,
      'killed',
    ]);
  }
  expect(await run(folder, scenario, backend)).toBe('ended');
  const errors = `${folder}/errors.log`;
  expect(existsSync(errors) ? readFileSync(errors, 'utf8') : '').toBe('');
  const { states, folded, unsent } = await readAll(folder, backend);
  expect(states.length).toBeGreaterThan(0);
  expect(states.map(({ phase }) => phase)).toEqual(states.map(() => ends[scenario]));
  expect(folded).toEqual(states);
  expect(unsent).toBe(0);
  checkEffects(folder, states);
}

const scenarios: readonly Scenario[] = ['good', 'bad', 'rolling'];
const folders: string[] = [];

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-crash-'));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

it('knows a kind of release for every failpoint', () => {
  expect(new Set(failpointNames.map(scenarioOf))).toEqual(new Set(scenarios));
});

/** The embedded database takes seconds to open for each of some forty deaths: only when asked for. */
const crashesToo = process.env['SIGNALBOX_TEST_CRASHES'] === 'all';

describe.runIf(crashesToo)('killed at every failpoint, on the embedded database', () => {
  it.concurrent.for(scenarios)('a %s release', { timeout: 900_000 }, async (scenario) => {
    await dieEverywhere(newFolder(), scenario, {});
  });
});

describe.skipIf(!requireServer('postgres') || !requireServer('redis'))(
  'killed at every failpoint, on Postgres and Redis',
  () => {
    let redis: RunningServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(async () => {
      await redis.stop();
    });

    it.concurrent.for(scenarios)('a %s release', { timeout: 900_000 }, async (scenario) => {
      const backend = { DB: await freshDatabase(), REDIS: redis.url };
      await dieEverywhere(newFolder(), scenario, backend);
    });
  },
);
