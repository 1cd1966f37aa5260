import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStorage } from '#boot/storage.ts';
import { checkHistory } from '../invariants/check.ts';
import { recordHistory } from '../invariants/record.ts';
import { freePort } from '../servers.ts';
import { quickDemo } from './quick-settings.ts';
import { type Place, type Process, run, type Said, start, until } from './signalbox.ts';

const people = ['ada', 'grace', 'linus'] as const;
type Person = (typeof people)[number];
const tokenOf = (person: Person): string => `sbx_${person.repeat(8)}`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let place: Place;
let signalbox: Process;

async function release(person: Person, ...words: readonly string[]): Promise<Said> {
  const env = { ...place.env, SIGNALBOX_TOKEN: tokenOf(person) };
  return run({ ...place, env }, 'release', ...words);
}

/** What `show --json` knows of a rollout. */
async function shown(rollout: string): Promise<string> {
  return (await release('ada', 'show', rollout)).out;
}

async function asked(...words: readonly string[]): Promise<string> {
  const { code, out, err } = await release('ada', ...words, '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out).rollout;
}

async function approve(rollout: string): Promise<void> {
  let said: Said | undefined;
  await until(`the plan of ${rollout}`, async () => {
    said = await release('grace', 'approve', rollout);
    return said.code === 0;
  });
  expect(said?.code).toBe(0);
}

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-newcomer-'));
  writeFileSync(join(folder, 'signalbox.yaml'), quickDemo());
  const port = await freePort();
  place = {
    folder,
    env: {
      SIGNALBOX_PORT: String(port),
      SIGNALBOX_URL: `http://127.0.0.1:${port}`,
      SIGNALBOX_API_TOKENS: people
        .map((person) => `${person}:${sha256(tokenOf(person))}`)
        .join('\n'),
    },
  };
  signalbox = await start(place, ['start']);
});

afterAll(async () => {
  await signalbox.kill('SIGTERM');
  rmSync(place.folder, { recursive: true, force: true });
});

it('is a story that a newcomer can tell after an hour', { timeout: 280_000 }, async () => {
  const good = await asked('deploy', 'shop', 'v2');
  await until('a plan', async () => /approval/i.test(await shown(good)));
  const own = await release('ada', 'approve', good);
  expect(own.code).toBe(2);
  await approve(good);
  await until('the canary', async () => /20\s?%/.test(await shown(good)));

  // As a power switch would: nothing is tidied up.
  await signalbox.kill('SIGKILL');
  signalbox = await start(place, ['start']);
  await until('the promotion', async () => (await shown(good)).includes('is live'));

  const bad = await asked('deploy', 'shop', 'v3');
  await approve(bad);
  await until('the way back', async () => (await shown(bad)).includes('Rolled back to v2'));
  const why = await release('ada', 'why', 'shop', 'production');
  expect(why.out).toContain(`v3 was rolled back by ${bad}`);
  expect((await release('linus', 'unlock', 'shop', 'production')).code).toBe(0);

  const back = JSON.parse(
    (await release('linus', 'rollback', 'shop', 'in', 'production', '--json')).out,
  ).rollout;
  await until('the finished release to be gone back from', async () =>
    (await shown(back)).includes('v1 is live'),
  );
  const live = await run(place, 'audit', 'verify');
  expect(live).toMatchObject({ code: 0, err: '' });
  await signalbox.kill('SIGTERM');
  const proof = await run(place, 'audit', 'verify');
  expect([proof.code, proof.out]).toEqual([0, expect.stringContaining('complete and unaltered')]);
  expect(await violations()).toEqual([]);
});

async function violations() {
  const storage = await openStorage({
    url: undefined,
    dataFolder: join(place.folder, '.signalbox'),
    log: { debug() {}, info() {}, warn() {}, error() {} },
    failpoint: async () => {},
  });
  try {
    const history = await recordHistory(storage, {
      effects: [],
      answers: [],
      outages: [],
      written: [signalbox.log()],
      secrets: [
        ...people.map(tokenOf),
        readFileSync(join(place.folder, '.signalbox', 'installation.secret'), 'utf8').trim(),
      ],
    });
    return checkHistory(history);
  } finally {
    await storage.close();
  }
}
