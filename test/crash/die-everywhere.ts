import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import { readRollout, readRolloutEvent } from '#app/rollout/trust-boundary.ts';
import { openStorage, type Storage } from '#boot/storage.ts';
import { type FailpointName, failpointNames } from '#core/failpoints.ts';
import { fold, type Recorded } from '#core/rollout/evolve.ts';
import type { RolloutState } from '#core/rollout/state.ts';
import { secret } from '#core/secret.ts';
import { checkHistory, factsIn } from '../invariants/check.ts';
import type {
  History,
  HistoryAnswer,
  HistoryEffect,
  HistoryOutage,
} from '../invariants/history.ts';
import { recordHistory } from '../invariants/record.ts';
import { logOf, textOf } from './file-cluster.ts';
import type { Scenario } from './scenario.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
/** Processes are started some eighty times: they share what they have compiled. */
const compiled = join(import.meta.dirname, '../../node_modules/.cache/signalbox/compiled');
/** They live for two seconds: to compile the embedded database twice, the second time well, is waste. */
const flags = ['--liftoff-only'];

/** What must not be written anywhere: the key that all processes share, and a password. */
const key = 'the-key-of-this-installation-3f9c';
const password = 'the-password-of-the-database-77aa';
/** For so long the cluster is out of reach when a process first calls. */
const outageMs = '120';

/** The program that is killed, in one file. */
async function rigFile(): Promise<string> {
  const response = await fetch(inject('sharedRig'));
  if (!response.ok) throw new Error(await response.text());
  return response.text();
}

/** Where the rig finds its database and queue; nothing for the embedded ones. */
export type Backend = Readonly<Record<string, string>>;

/** Runs the rig once. Resolves with how it ended. */
async function run(folder: string, scenario: Scenario, env: Backend): Promise<'killed' | 'ended'> {
  const rig = await rigFile();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, rig, folder, scenario], {
      env: { ...process.env, NODE_COMPILE_CACHE: compiled, LEASE: '1500', SECRET: key, ...env },
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
      appendFileSync(`${folder}/said.log`, said);
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

const scenarios: readonly Scenario[] = ['good', 'bad', 'rolling'];
const ends = { good: 'succeeded', bad: 'rolled_back', rolling: 'succeeded' } as const;

interface Told {
  readonly states: readonly RolloutState[];
  readonly folded: readonly (RolloutState | null)[];
  readonly unsent: number;
  readonly history: History;
}

async function readAll(
  folder: string,
  backend: Backend,
  effects: readonly HistoryEffect[],
): Promise<Told> {
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
    effects,
    answers: logOf<HistoryAnswer>(folder, 'answers.jsonl'),
    outages: logOf<HistoryOutage>(folder, 'outages.jsonl'),
    written: ['said.log', 'words.log', 'errors.log'].map((name) => textOf(folder, name)),
    secrets: [key, ...(url === undefined ? [] : [password])],
  });
  await storage.close();
  return { ...told, history };
}

/**
 * What a release comes by, in this order: who dies in it may die further on in the same one. Commits
 * and messages are everywhere; their turn is once a request has been answered.
 */
const way = [
  ...['plan', 'gates', 'commit', 'send', 'run', 'prepare', 'shift', 'replace', 'converge'],
  ...['record', 'wait', 'look', 'restore', 'back', 'promote', 'retire', 'settle'],
];

function placeOnTheWay(name: FailpointName): number {
  return way.indexOf(name.slice(name.lastIndexOf('-') + 1));
}

export interface Portion {
  readonly title: string;
  readonly scenario: Scenario;
  readonly names: readonly FailpointName[];
}

/** All failpoints, in portions that can be walked side by side. */
export const portions: readonly Portion[] = scenarios.map((scenario) => ({
  title: `a ${scenario} release`,
  scenario,
  names: failpointNames
    .filter((name) => scenarioOf(name) === scenario)
    .toSorted((a, b) => placeOnTheWay(a) - placeOnTheWay(b)),
}));

/**
 * Dies at one failpoint after the other on the same data, then comes to a good end. `elsewhere` tells
 * the effects on a cluster that is not the one in the folder; its outages are not made here. Resolves
 * with the failpoints that whole releases never came to.
 */
export async function dieEverywhere(
  folder: string,
  { scenario, names }: Portion,
  where: Backend,
  elsewhere?: () => readonly HistoryEffect[],
): Promise<readonly FailpointName[]> {
  const backend = where['DB'] === undefined ? where : { ...where, DB: withPassword(where['DB']) };
  let outage: Backend = { OUTAGE: outageMs };
  const notReached: FailpointName[] = [];
  for (const name of names) {
    const ended = await run(folder, scenario, { ...backend, ...outage, FAIL: name });
    if (ended === 'ended') notReached.push(name);
    outage = {};
  }
  expect(await run(folder, scenario, { ...backend, OUTAGE: outageMs })).toBe('ended');
  expect(textOf(folder, 'errors.log')).toBe('');
  const effects = elsewhere?.() ?? logOf<HistoryEffect>(folder, 'effects.jsonl');
  const { states, folded, unsent, history } = await readAll(folder, backend, effects);
  expect(states.length).toBeGreaterThan(0);
  expect(states.map(({ phase }) => phase)).toEqual(states.map(() => ends[scenario]));
  expect(folded).toEqual(states);
  expect(unsent).toBe(0);
  expect(checkHistory(history)).toEqual([]);
  const { I10: waysBack, ...facts } = factsIn(history);
  expect(waysBack > 0).toBe(scenario === 'bad');
  // What is replaced in place is changed once: there is no second change to compare with.
  const none = [
    ...(scenario === 'rolling' ? ['I4'] : []),
    ...(elsewhere === undefined ? [] : ['I12']),
  ];
  expect(Object.entries(facts).flatMap(([name, found]) => (found < 1 ? name : []))).toEqual(none);
  return notReached;
}

function withPassword(url: string): string {
  const own = new URL(url);
  own.password = password;
  return own.href;
}

/** A place for one database and one cluster. */
export function crashFolder(): string {
  return mkdtempSync(join(tmpdir(), 'signalbox-crash-'));
}
