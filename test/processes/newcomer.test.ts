import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { verifySignature } from '#adapters/system/signer.ts';
import { verifyExport } from '#app/audit/verify-export.ts';
import { openStorage } from '#boot/storage.ts';
import { pgliteTemplate } from '../adapters/pglite/temporary-pglite.ts';
import { silentLog } from '../adapters/silent.ts';
import { checkHistory } from '../invariants/check.ts';
import { recordHistory } from '../invariants/record.ts';
import { freePort } from '../servers.ts';
import { type House, openHouse, people, tokenOf } from './house.ts';
import { quickDemo } from './quick-settings.ts';
import { type Place, type Process, run, start, until } from './signalbox.ts';

describe('the story of a newcomer', () => {
  let house: House;
  let signalbox: Process;

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = { SIGNALBOX_PORT: String(port), SIGNALBOX_URL: url };
    house = openHouse(quickDemo(), env, () => url);
    // To make a database takes seconds, and is not what is tested here.
    const data = join(house.folder, '.signalbox', 'database', 'data');
    cpSync(await pgliteTemplate(), data, { recursive: true });
    signalbox = await start(house, ['start']);
  }, 120_000);

  afterAll(async () => {
    await signalbox.kill('SIGTERM');
    house.remove();
  });

  const phaseOf = async (rollout: string): Promise<string | undefined> =>
    (await house.see(rollout))?.phase;

  it('can be told after an hour', { timeout: 300_000 }, async () => {
    const first = await house.type('ada', 'deploy', 'shop', 'v2', '--json');
    expect([first.code, first.err]).toEqual([0, '']);
    const good: string = JSON.parse(first.out).rollout;
    await until('a plan', async () => (await phaseOf(good)) === 'waiting');
    expect((await house.type('ada', 'approve', good)).code).toBe(2);
    expect((await house.type('grace', 'approve', good)).code).toBe(0);
    await until('the canary', async () => (await house.see(good))?.weights['production'] === 50);

    // As a power switch would: nothing is tidied up.
    await signalbox.kill('SIGKILL');
    signalbox = await start(house, ['start']);
    await house.reaches(good, 'succeeded');
    expect((await house.see(good))?.looks.at(-1)?.judgement.action).toBe('go_on');

    const bad = await house.deploy('shop', 'v3');
    await house.reaches(bad, 'rolled_back');
    const verdicts = (await house.see(bad))?.looks.at(-1)?.judgement.metrics ?? [];
    expect(verdicts.map(({ verdict }) => verdict)).toContain('worse');
    const told = await house.events(bad);
    expect(told).toContain('rollback.announced');
    expect((await house.type('ada', 'show', bad)).out).toContain('Rolled back to v2');
    const why = await house.type('ada', 'why', 'shop', 'production');
    expect(why.out).toContain(`v3 was rolled back by ${bad}`);
    expect((await house.say('linus', 'unlock shop production')).refusal).toBeNull();

    const { rollout: back } = await house.say('linus', 'rollback shop in production');
    await house.reaches(back ?? '', 'succeeded');
    expect((await house.type('ada', 'show', back ?? '')).out).toContain('v1 is live');
    const asAda = { ...house, env: { ...house.env, SIGNALBOX_TOKEN: tokenOf('ada') } };
    expect(await run(asAda, 'audit', 'verify')).toMatchObject({ code: 0, err: '' });
    await takesTheHistoryAway(asAda);
    await signalbox.kill('SIGTERM');
    const proof = await run(house, 'audit', 'verify');
    expect([proof.code, proof.out]).toEqual([0, expect.stringContaining('complete and unaltered')]);
    await judgesAgain(bad);
    expect(await violations()).toEqual([]);
  });

  /** The server has the database open: it hands over what an auditor asks for. */
  async function takesTheHistoryAway(asAda: Place): Promise<void> {
    const [taken, proof] = await Promise.all([
      run(asAda, 'audit', 'export'),
      run(asAda, 'audit', 'prove', '1'),
    ]);
    expect([taken.code, taken.err, proof.code, proof.err]).toEqual([0, '', 0, '']);
    const report = await verifyExport({
      lines: Readable.from(taken.out.trimEnd().split('\n')),
      checkpoints: [JSON.parse(proof.out).checkpoint],
      key: null,
      digest: (bytes) => createHash('sha256').update(bytes).digest(),
      verify: verifySignature,
    });
    const shape = { format: 'signalbox-proof-1', seq: 1 };
    expect(JSON.parse(proof.out)).toMatchObject(shape);
    expect([report.verdict, report.size > 50]).toEqual(['intact', true]);
  }

  /** What was stored of the two releases is judged again, each by a process of its own. */
  async function judgesAgain(bad: string): Promise<void> {
    const replayed = await run(house, 'judge', 'replay', bad);
    expect([replayed.code, replayed.err]).toEqual([0, '']);
    const { looks, before, after } = parse(replayed.out);
    expect(looks.length).toBeGreaterThan(0);
    expect([before.kind, after]).toEqual(['turned_back', before]);
    const tested = await run(house, 'judge', 'backtest', 'shop', '--set', 'alpha=0.001');
    expect([tested.code, tested.err]).toEqual([0, '']);
    const { releases } = parse(tested.out);
    expect(releases).toContainEqual(
      expect.objectContaining({
        rollout: bad,
        before: expect.objectContaining({ kind: 'turned_back' }),
      }),
    );
    expect(releases.length).toBeGreaterThan(1);
  }

  async function violations() {
    const storage = await openStorage({
      url: undefined,
      dataFolder: join(house.folder, '.signalbox'),
      log: silentLog,
      failpoint: async () => {},
    });
    try {
      const history = await recordHistory(storage, {
        effects: [],
        answers: [],
        outages: [],
        audit: 'intact',
        written: [signalbox.log()],
        secrets: [
          ...people.map(tokenOf),
          readFileSync(join(house.folder, '.signalbox', 'installation.secret'), 'utf8').trim(),
        ],
      });
      return checkHistory(history);
    } finally {
      await storage.close();
    }
  }
});
