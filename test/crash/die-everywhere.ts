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
import { isCommit, isSend } from './failpoints.ts';
import { logOf, textOf } from './file-cluster.ts';
import { isSpecial, type Lane, type Lanes, lanesOf, scenarioOf } from './scenario.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };
/** Processes are started some twenty times: they share what they have compiled. */
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

/** Runs the rig once. Resolves with the failpoints that it did not come to; it died at the others. */
async function run(
  folder: string,
  lanes: readonly Lane[],
  names: readonly FailpointName[],
  env: Backend,
): Promise<readonly string[]> {
  const rig = await rigFile();
  const own = { NODE_COMPILE_CACHE: compiled, LEASE: '1500', SECRET: key };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, rig, folder, JSON.stringify(lanes)], {
      env: { ...process.env, ...own, ...env, FAIL: names.join(',') },
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
      if (signal === 'SIGKILL' && names.length > 0) resolve([]);
      else if (code === 0) resolve(/not reached: (.+)/.exec(said)?.[1]?.split(',') ?? names);
      else reject(new Error(`The rig failed: ${code} ${signal} ${said}`));
    });
  });
}

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
 * What releases come by, in this order: who dies in one may die further on in the same one. First
 * what every release comes by, then the special, then what can be reached at any time.
 */
const way = [
  ...['plan', 'gates', 'prepare', 'shift', 'converge', 'record', 'wait', 'look', 'retire'],
  ...['settle', 'run', 'replace', 'restore', 'back', 'promote', 'send', 'commit'],
];

function placeOnTheWay(name: FailpointName): number {
  return way.indexOf(name.slice(name.lastIndexOf('-') + 1));
}

/**
 * Puts failpoints together in as few deaths as there are lanes for: at each stands a release of its
 * own when the process dies.
 */
function deathsAt(
  names: readonly FailpointName[],
  lanes: Lanes,
): readonly (readonly FailpointName[])[] {
  const deaths: FailpointName[][] = [];
  for (const name of names.toSorted((a, b) => placeOnTheWay(a) - placeOnTheWay(b))) {
    const death = deaths.find((one) => hasRoom(one, name, lanes));
    if (death === undefined) deaths.push([name]);
    else death.push(name);
  }
  return deaths;
}

function hasRoom(death: readonly FailpointName[], name: FailpointName, lanes: Lanes): boolean {
  if (isSend(name)) return true;
  const scenario = scenarioOf(name);
  const standing = death.filter((other) => !isSend(other) && !isCommit(other));
  const alike = standing.filter((other) => scenarioOf(other) === scenario);
  if (alike.length >= lanes[scenario]) return false;
  // Somebody must still be on the way to a commit, which is the last of a death.
  if (isCommit(name)) return !death.some(isCommit);
  // Who stands where everybody comes by does not come to where only few do.
  return standing.every((other) => isSpecial(other) === isSpecial(name));
}

export interface Walk {
  readonly lanes: Lanes;
  /** Where it dies, one after the other. */
  readonly deaths: readonly (readonly FailpointName[])[];
}

/** A walk to failpoints with these lanes. */
export function walkTo(names: readonly FailpointName[], lanes: Lanes): Walk {
  return { lanes, deaths: deathsAt(names, lanes) };
}

/** Past all failpoints. */
export const everywhere = walkTo(failpointNames, { good: 7, bad: 4, rolling: 2 });

/**
 * Dies at one group of failpoints after the other on the same data, then comes to a good end.
 * `elsewhere` tells the effects on a cluster that is not the one in the folder; its outages are not
 * made here. Resolves with the failpoints that whole releases never came to.
 */
export async function dieEverywhere(
  folder: string,
  walk: Walk,
  where: Backend,
  elsewhere?: () => readonly HistoryEffect[],
): Promise<readonly string[]> {
  const backend = where['DB'] === undefined ? where : { ...where, DB: withPassword(where['DB']) };
  const lanes = lanesOf(walk.lanes);
  const notReached: string[] = [];
  for (const [index, names] of walk.deaths.entries()) {
    // While it is away nobody may come to an end: there all releases are still at their beginning.
    const outage = index < 2 ? { OUTAGE: outageMs } : {};
    notReached.push(...(await run(folder, lanes, names, { ...backend, ...outage })));
  }
  await run(folder, lanes, [], backend);
  expect(textOf(folder, 'errors.log')).toBe('');
  const effects = elsewhere?.() ?? logOf<HistoryEffect>(folder, 'effects.jsonl');
  const { states, folded, unsent, history } = await readAll(folder, backend, effects);
  expect(new Set(states.map(({ service }) => service))).toEqual(
    new Set(lanes.map(({ service }) => service)),
  );
  for (const { service, scenario } of lanes) {
    const phases = states.filter((state) => state.service === service).map(({ phase }) => phase);
    expect(phases).toEqual(phases.map(() => ends[scenario]));
  }
  expect(folded).toEqual(states);
  expect(unsent).toBe(0);
  expect(checkHistory(history)).toEqual([]);
  const none = elsewhere === undefined ? [] : ['I12'];
  const found = Object.entries(factsIn(history));
  expect(found.flatMap(([name, facts]) => (facts < 1 ? name : []))).toEqual(none);
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
