import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRollout, readRolloutEvent } from '#app/rollout/trust-boundary.ts';
import { openStorage, type Storage } from '#boot/storage.ts';
import { type FailpointName, failpointNames } from '#core/failpoints.ts';
import { fold, type Recorded } from '#core/rollout/evolve.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { secret } from '#core/secret.ts';
import { pgliteTemplate } from '../adapters/pglite/temporary-pglite.ts';
import { freshDatabase } from '../fresh-database.ts';
import { checkHistory } from '../invariants/check.ts';
import type { History } from '../invariants/history.ts';
import { recordHistory } from '../invariants/record.ts';
import { type RunningServer, requireServer, startRedis } from '../servers.ts';
import { effectsOf } from './file-cluster.ts';
import type { Scenario } from './scenario.ts';

const rig = new URL('./rig.ts', import.meta.url).pathname;
const log = { debug() {}, info() {}, warn() {}, error() {} };
/** Processes are started some eighty times: they share what they have compiled. */
const compiled = mkdtempSync(join(tmpdir(), 'signalbox-compiled-'));
type Backend = Readonly<Record<string, string>>;

/** Runs the rig once. Resolves with how it ended. */
function run(folder: string, scenario: Scenario, env: Backend): Promise<'killed' | 'ended'> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [rig, folder, scenario], {
      env: { ...process.env, NODE_COMPILE_CACHE: compiled, ...env },
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
  readonly history: History;
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
  const history = await recordHistory(storage, {
    effects: effectsOf(folder),
    answers: [],
    outages: [],
    written: [],
    secrets: [],
  });
  await storage.close();
  return { ...told, history };
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
  const { states, folded, unsent, history } = await readAll(folder, backend);
  expect(states.length).toBeGreaterThan(0);
  expect(states.map(({ phase }) => phase)).toEqual(states.map(() => ends[scenario]));
  expect(folded).toEqual(states);
  expect(unsent).toBe(0);
  expect(history.effects.length).toBeGreaterThan(0);
  expect(checkHistory(history)).toEqual([]);
}

const scenarios: readonly Scenario[] = ['good', 'bad', 'rolling'];
const folders: string[] = [compiled];

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

describe('killed at every failpoint, on the embedded database', () => {
  it.concurrent.for(scenarios)('a %s release', { timeout: 300_000 }, async (scenario) => {
    const folder = newFolder();
    // To make a database takes seconds, and is not what is tested here.
    cpSync(await pgliteTemplate(), join(folder, 'data', 'database', 'data'), { recursive: true });
    await dieEverywhere(folder, scenario, {});
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
