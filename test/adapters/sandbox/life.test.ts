import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLeases } from '#adapters/sandbox/lease.ts';
import {
  createHurriedSandbox,
  freshDirectory,
  type HurriedSandbox,
  until,
  version,
} from './bench.ts';

const ref = { target: 'here', service: 'shop', environment: 'production' };
const stamp = { rollout: 'shop-1', planHash: 'p1', step: 0, fence: 1 };

let directory: Awaited<ReturnType<typeof freshDirectory>>;
const opened: HurriedSandbox[] = [];
const started: ChildProcess[] = [];
beforeAll(async () => {
  directory = await freshDirectory();
});
afterAll(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await Promise.all(opened.splice(0).map((sandbox) => sandbox.close()));
  await directory[Symbol.asyncDispose]();
});

function open(lingerMs = 0): HurriedSandbox {
  const sandbox = createHurriedSandbox(directory.path, { lingerMs, requestsPerSecond: 60 });
  opened.push(sandbox);
  return sandbox;
}

async function startClient(lingerMs: number): Promise<ChildProcess> {
  const entry = fileURLToPath(new URL('./client-process.ts', import.meta.url));
  const args = [entry, directory.path, String(lingerMs)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function hostPid(): Promise<number> {
  return (await createLeases(directory.path).newest())?.pid ?? 0;
}

/** Every process of the sandbox: the host and the instances. */
async function pidsOf(sandbox: HurriedSandbox): Promise<readonly number[]> {
  const places = await sandbox.places();
  const pids = places.flatMap(({ instances }) => instances.flatMap(({ pid }) => pid ?? []));
  expect(pids.length).toBeGreaterThan(0);
  return [await hostPid(), ...pids];
}

async function areGone(pids: readonly number[]): Promise<void> {
  await until(
    'gone',
    async () => pids.filter(isAlive),
    (alive) => alive.length === 0,
  );
}

async function weightIs(sandbox: HurriedSandbox, weight: number): Promise<void> {
  await until(
    `${weight} %`,
    () => sandbox.target.inspect(ref).catch(() => null),
    (it) => it?.weight === weight && it.weightProof === 'measured',
  );
}

describe('the life of a sandbox, from its first use to its last', () => {
  let sandbox: HurriedSandbox;

  it('has one host, however many start it at once', async () => {
    const all = [open(), open(), open()];
    const identities = await Promise.all(all.map(({ target }) => target.inspect(ref)));
    expect(new Set(identities.map(({ identity }) => identity)).size).toBe(1);
    sandbox = open();
    expect((await pidsOf(sandbox)).length).toBe(2);
  });

  it('goes on as long as one of those who use it is there', async () => {
    const { identity } = await sandbox.target.inspect(ref);
    const artifact = await version(sandbox, 'v2');
    const prepare = { kind: 'prepare', artifact, capacityPercent: 50 } as const;
    await sandbox.target.change(ref, prepare, stamp, identity);
    const shift = { kind: 'shift', weight: 25 } as const;
    await sandbox.target.change(ref, shift, { ...stamp, step: 1 }, identity);
    await weightIs(sandbox, 25);
    const pids = await pidsOf(sandbox);
    const others = opened.splice(0).filter((one) => one !== sandbox);
    opened.push(sandbox);
    for (const other of others) await other.close();
    expect(pids.filter(isAlive)).toEqual(pids);
    await weightIs(sandbox, 25);
  });

  it('starts an instance again that somebody killed, and takes its traffic meanwhile', async () => {
    const candidate = async () =>
      (await sandbox.places())[0]?.instances.find(({ side }) => side === 'candidate');
    const killed = (await candidate())?.pid ?? 0;
    process.kill(killed, 'SIGKILL');
    await until('another one', candidate, (it) => it !== undefined && it.pid !== killed);
    await weightIs(sandbox, 25);
  });

  it('brings back what was wanted when the host is killed', async () => {
    const before = await sandbox.target.inspect(ref);
    expect(before).toMatchObject({ weight: 25, candidate: { ready: 1 }, stable: { ready: 1 } });
    const killed = await pidsOf(sandbox);
    const [{ url: address } = { url: '' }] = await sandbox.places();
    process.kill(killed[0] ?? 0, 'SIGKILL');
    await weightIs(sandbox, 25);
    expect(await hostPid()).not.toBe(killed[0]);
    expect(await sandbox.target.inspect(ref)).toEqual(before);
    await areGone(killed);
    // A page left open finds it again.
    expect((await sandbox.places()).map(({ url }) => url)).toEqual([address]);
  });

  it('ends a host that finds it has been followed', async () => {
    const former = await pidsOf(sandbox);
    const lease = { generation: 7, pid: process.pid, port: 1, token: 'none' };
    expect(await createLeases(directory.path).claim(lease)).toBe(true);
    await areGone(former);
    const followed = await until(
      'there again',
      () => sandbox.target.inspect(ref).catch(() => null),
      (it) => it !== null,
    );
    expect(followed?.identity).toContain('sandbox/here/shop/production/');
    expect((await createLeases(directory.path).newest())?.generation).toBe(8);
  });

  it('is another place when its record is made anew', async () => {
    const { identity } = await sandbox.target.inspect(ref);
    const path = join(directory.path, 'cells', 'here.shop.production.json');
    const record = await readFile(path, 'utf8');
    await sandbox.rest(ref);
    await writeFile(path, JSON.stringify({ ...JSON.parse(record), uid: 'another' }));
    const refused = sandbox.target.change(ref, { kind: 'restore' }, stamp, identity);
    await expect(refused).rejects.toMatchObject({ code: 'target.identity_changed' });
    await sandbox.rest(ref);
    await writeFile(path, '{"half a rec');
    await expect(sandbox.target.inspect(ref)).rejects.toMatchObject({ code: 'target.rejected' });
    await writeFile(path, record);
    expect((await sandbox.target.inspect(ref)).identity).toBe(identity);
  });

  it('leaves nothing behind when it is closed', async () => {
    const pids = await pidsOf(sandbox);
    await sandbox.close();
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

describe('a sandbox whose Signalbox was killed', () => {
  it('goes on undisturbed when Signalbox is back in time', async () => {
    const client = await startClient(60_000);
    const before = await hostPid();
    client.kill('SIGKILL');
    await once(client, 'exit');
    await startClient(60_000);
    expect(await hostPid()).toBe(before);
  });

  it('leaves nothing behind when the host is killed together with it', async () => {
    const onlooker = open();
    const pids = await pidsOf(onlooker);
    await onlooker.close();
    started.at(-1)?.kill('SIGKILL');
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await areGone(pids);
  });

  it('leaves nothing behind when Signalbox stays away', async () => {
    const client = await startClient(300);
    const onlooker = open(300);
    const pids = await pidsOf(onlooker);
    await onlooker.close();
    expect(pids.filter(isAlive)).toEqual(pids);
    client.kill('SIGKILL');
    await areGone(pids);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
