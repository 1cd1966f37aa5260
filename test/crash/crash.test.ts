import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '#adapters/postgres/open.ts';
import { createStore } from '#adapters/postgres/store.ts';
import { readRollout, readRolloutEvent } from '#app/rollout/trust-boundary.ts';
import { type FailpointName, failpointNames } from '#core/failpoints.ts';
import { fold } from '#core/rollout/evolve.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { freshDatabase } from '../fresh-database.ts';
import { type RunningServer, requireServer, startRedis } from '../servers.ts';
import { type Effect, effectsOf } from './file-cluster.ts';

const rig = new URL('./rig.ts', import.meta.url).pathname;
const log = { debug() {}, info() {}, warn() {}, error() {} };

/** Runs the rig once. Resolves with how it ended. */
function run(
  folder: string,
  scenario: string,
  env: Readonly<Record<string, string>>,
): Promise<string> {
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

/** In which scenario a failpoint is reached. */
function scenarioOf(name: FailpointName): 'good' | 'bad' | 'rolling' {
  if (name.endsWith('-replace')) return 'rolling';
  if (name.endsWith('-restore') || name.endsWith('-back')) return 'bad';
  return 'good';
}

async function readAll(url: string): Promise<{
  readonly states: readonly RolloutState[];
  readonly folded: readonly (RolloutState | null)[];
  readonly unsent: number;
}> {
  const database = openPostgres({ url, log });
  const store = createStore(database, { log });
  const result = await store.transact(async (tx) => {
    const records = await tx.streams({ kind: 'rollout' });
    const folded = [];
    for (const { id } of records) {
      const events = await tx.events({ stream: id });
      folded.push(
        fold(events.map(({ at, actor, body }) => ({ at, actor, event: readRolloutEvent(body) }))),
      );
    }
    const unsent = await tx.dueSurfaces(tx.now + 3_600_000, 10);
    return {
      states: records.map(({ row }) => readRollout(row.state)),
      folded,
      unsent: unsent.length,
    };
  });
  await store.close();
  return result;
}

/** I2, I4 and the end that the scenario must come to, from what the cluster itself wrote down. */
function checkEffects(effects: readonly Effect[], state: RolloutState): void {
  const fences = effects.map(({ stamp }) => stamp.fence);
  expect(fences).toEqual([...fences].sort((a, b) => a - b));
  const forward = effects.filter(({ stamp }) => stamp.step !== 9999);
  const keys = forward.map(({ change, stamp }) => `${stamp.planHash}/${stamp.step}/${change.kind}`);
  expect(keys).toEqual([...new Set(keys)]);
  for (const { stamp } of effects) expect(stamp.planHash).toBe(state.planHash);
  expect(state.approvals.some(({ hash }) => hash === state.planHash)).toBe(true);
}

const ends = { good: 'succeeded', bad: 'rolled_back', rolling: 'succeeded' } as const;

async function crashAt(
  name: FailpointName,
  backend: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  const scenario = scenarioOf(name);
  expect(await run(folder, scenario, { ...backend, FAIL: name })).toBe('killed');
  expect(await run(folder, scenario, backend)).toBe('ended');
  const errors = existsSync(`${folder}/errors.log`)
    ? readFileSync(`${folder}/errors.log`, 'utf8')
    : '';
  expect(errors).toBe('');
  expect(effectsOf(folder).length).toBeGreaterThan(0);
}

describe.skipIf(!requireServer('postgres') || !requireServer('redis'))(
  'killed at every failpoint, on Postgres and Redis',
  () => {
    const folders: string[] = [];
    let redis: RunningServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(async () => {
      await redis.stop();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });

    it.concurrent.for(failpointNames)('%s', { timeout: 60_000 }, async (name) => {
      const folder = mkdtempSync(join(tmpdir(), 'signalbox-crash-'));
      folders.push(folder);
      const url = await freshDatabase();
      await crashAt(name, { DB: url, REDIS: redis.url }, folder);
      const { states, folded, unsent } = await readAll(url);
      expect(states).toHaveLength(1);
      const [state] = states;
      if (state === undefined) throw new Error('no rollout');
      expect(state.phase).toBe(ends[scenarioOf(name)]);
      expect(folded).toEqual(states);
      expect(unsent).toBe(0);
      checkEffects(effectsOf(folder), state);
    });
  },
);
