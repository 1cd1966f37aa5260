import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readRollout, readRolloutEvent } from '#app/rollout/trust-boundary.ts';
import { openStorage, type Storage } from '#boot/storage.ts';
import { type FailpointName, failpointNames } from '#core/failpoints.ts';
import { fold, type Recorded } from '#core/rollout/evolve.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { secret } from '#core/secret.ts';
import { checkHistory } from '../invariants/check.ts';
import type { History } from '../invariants/history.ts';
import { recordHistory } from '../invariants/record.ts';
import { effectsOf } from './file-cluster.ts';
import type { Scenario } from './scenario.ts';

const rig = new URL('./rig.ts', import.meta.url).pathname;
const log = { debug() {}, info() {}, warn() {}, error() {} };
/** Processes are started some eighty times: they share what they have compiled. */
const compiled = join(import.meta.dirname, '../../node_modules/.cache/signalbox/compiled');
/** They live for two seconds: to compile the embedded database twice, the second time well, is waste. */
const flags = ['--liftoff-only'];

/** Where the rig finds its database and queue; nothing for the embedded ones. */
export type Backend = Readonly<Record<string, string>>;

/** Runs the rig once. Resolves with how it ended. */
function run(folder: string, scenario: Scenario, env: Backend): Promise<'killed' | 'ended'> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, rig, folder, scenario], {
      env: { ...process.env, NODE_COMPILE_CACHE: compiled, LEASE: '2500', ...env },
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
export function scenarioOf(name: FailpointName): Scenario {
  if (name.endsWith('-replace')) return 'rolling';
  if (name.endsWith('-restore') || name.endsWith('-back')) return 'bad';
  return 'good';
}

const scenarios: readonly Scenario[] = ['good', 'bad', 'rolling'];
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

/** What a release comes by, in this order: who dies in it may die further on in the same one. */
const way = ['plan', 'gates', 'commit', 'record', 'wait', 'run', 'prepare', 'shift', 'converge'];

function placeOnTheWay(name: FailpointName): number {
  const place = way.indexOf(name.slice(name.lastIndexOf('-') + 1));
  return place < 0 ? way.length : place;
}

export interface Portion {
  readonly title: string;
  readonly scenario: Scenario;
  readonly names: readonly FailpointName[];
}

/** All failpoints, in portions that can be walked side by side. */
export const portions: readonly Portion[] = scenarios.flatMap((scenario) => {
  const names = failpointNames
    .filter((name) => scenarioOf(name) === scenario)
    .toSorted((a, b) => placeOnTheWay(a) - placeOnTheWay(b));
  const half = Math.ceil(names.length / 2);
  return names.length < 10
    ? [{ title: `a ${scenario} release`, scenario, names }]
    : [
        { title: `a ${scenario} release, first half`, scenario, names: names.slice(0, half) },
        { title: `a ${scenario} release, second half`, scenario, names: names.slice(half) },
      ];
});

/** Dies at one failpoint after the other on the same data, then comes to a good end. */
export async function dieEverywhere(
  folder: string,
  { scenario, names }: Portion,
  backend: Backend,
): Promise<void> {
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

/** A place for one database and one cluster. */
export function crashFolder(): string {
  return mkdtempSync(join(tmpdir(), 'signalbox-crash-'));
}
