import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryAnchor } from '#adapters/memory/anchor.ts';
import { openPglite } from '#adapters/pglite/pglite.ts';
import { createHistory } from '#adapters/postgres/history.ts';
import { migrate } from '#adapters/postgres/migrate.ts';
import { openPostgres } from '#adapters/postgres/open.ts';
import { openSegmentSource } from '#adapters/postgres/segment-source.ts';
import { createStore } from '#adapters/postgres/store.ts';
import { verifyHistory } from '#app/audit/verify.ts';
import { type Checkpoints, createCheckpoints } from '#app/checkpoint.ts';
import { createHalt } from '#app/halt.ts';
import type { Anchor } from '#ports/anchor.ts';
import type { Database } from '#ports/database.ts';
import type { SegmentSource } from '#ports/segment-source.ts';
import { silentLog } from '../../adapters/pglite/silent-log.ts';
import { migratedTemplate } from '../../adapters/pglite/temporary-pglite.ts';
import {
  embeddedDatabase,
  type MigratedDatabase,
  serverDatabase,
} from '../../adapters/postgres/migrated-database.ts';
import { freshDatabase } from '../../fresh-database.ts';
import { requireServer } from '../../servers.ts';
import { another, asAttacker, fill, newSigner, reset } from './auditor-kit.ts';

const { signer, trust } = newSigner();

function checkpointsOn(database: Database, anchor: Anchor) {
  const halt = createHalt(silentLog);
  const checkpoints: Checkpoints = createCheckpoints({
    history: createHistory(database),
    signer,
    trust,
    anchors: [anchor],
    halt,
    clock: { now: () => 0 },
    log: silentLog,
  });
  return { checkpoints, halt };
}

const swap = `
  UPDATE signalbox.ledger SET seq = -17 WHERE seq = 17;
  UPDATE signalbox.ledger SET seq = 17 WHERE seq = 18;
  UPDATE signalbox.ledger SET seq = 18 WHERE seq = -17`;
const forge = `
  INSERT INTO signalbox.ledger
  SELECT 41, at, 'rollout:forged', 1, kind, bytes, prev_hash, leaf_hash, node_hash
  FROM signalbox.ledger WHERE seq = 40`;

function tamperingSuite(open: () => Promise<MigratedDatabase>): void {
  let opened: MigratedDatabase | undefined;
  let segments: SegmentSource | undefined;
  let anchor = createMemoryAnchor();
  const database = (): Database => {
    if (opened === undefined) throw new Error('The database is not open');
    return opened.database;
  };
  const store = () => createStore(database(), { log: silentLog });
  const verify = (anchors: readonly Anchor[]) =>
    verifyHistory({
      history: createHistory(database()),
      anchors,
      trust,
      ...(segments === undefined ? {} : { segments }),
    });

  beforeAll(async () => {
    opened = await open();
    if (opened.url !== undefined) segments = openSegmentSource(opened.url, 2);
  });
  afterAll(async () => {
    await segments?.close();
    await opened?.close();
  });
  /** Forty events; checkpoints at 25 and 40, the newer one at the anchor too. */
  beforeEach(async () => {
    anchor = createMemoryAnchor();
    await asAttacker(database(), reset);
    const { checkpoints } = checkpointsOn(database(), anchor);
    await fill(store(), 25);
    await checkpoints.make();
    await fill(store(), 15);
    await checkpoints.make();
  });

  it('finds nothing in what is whole, and the database agrees with its anchor', async () => {
    const report = await verify([anchor]);
    expect(report).toMatchObject({
      verdict: 'intact',
      size: 40,
      checkpoints: { given: 3, agreed: 3 },
      findings: [],
    });
    const { checkpoints, halt } = checkpointsOn(database(), anchor);
    await checkpoints.compare();
    expect(halt.halted()).toBeNull();
  });

  it.each([
    [
      'an edited row',
      `UPDATE signalbox.ledger SET bytes = ${another} WHERE seq = 17`,
      'edited',
      17,
    ],
    [
      'an edited row with a matching hash',
      `UPDATE signalbox.ledger SET bytes = ${another}, leaf_hash = sha256('\\x00'::bytea || ${another})
        WHERE seq = 17`,
      'broken_chain',
      18,
    ],
    ['a deleted row', 'DELETE FROM signalbox.ledger WHERE seq = 17', 'gap', 17],
    ['two rows that changed places', swap, 'broken_chain', 17],
    ['a row added by hand', forge, 'broken_chain', 41],
    [
      'a row hidden from its stream',
      `UPDATE signalbox.ledger SET stream = 'rollout:elsewhere' WHERE seq = 17`,
      'mislabelled',
      17,
    ],
    [
      'a row moved in time',
      'UPDATE signalbox.ledger SET at = at - 1 WHERE seq = 17',
      'mislabelled',
      17,
    ],
    [
      'a changed node of the tree',
      `UPDATE signalbox.ledger SET node_hash = leaf_hash WHERE seq = 16`,
      'broken_tree',
      16,
    ],
  ] as const)('finds %s, and where, even without a checkpoint', async (_, sql, code, seq) => {
    await asAttacker(database(), `${sql}; DELETE FROM signalbox.checkpoint`);
    const report = await verify([]);
    expect(report.verdict).toBe('broken');
    expect(report.findings).toContainEqual({ code, seq, message: expect.any(String) });
  });

  it('finds an edited row through the checkpoints alone', async () => {
    await asAttacker(database(), `UPDATE signalbox.ledger SET bytes = ${another} WHERE seq = 17`);
    const { findings, checkpoints } = await verify([anchor]);
    expect(findings.filter(({ code }) => code === 'rewritten')).toHaveLength(3);
    expect(checkpoints.agreed).toBe(0);
  });

  it('finds a tail that was cut off, given a checkpoint, and says when it could not', async () => {
    await asAttacker(
      database(),
      'DELETE FROM signalbox.ledger WHERE seq > 30; DELETE FROM signalbox.checkpoint',
    );
    expect(await verify([])).toMatchObject({ verdict: 'unanchored', size: 30 });
    const report = await verify([anchor]);
    expect(report).toMatchObject({ verdict: 'broken', findings: [{ code: 'cut', seq: null }] });
    const { checkpoints, halt } = checkpointsOn(database(), anchor);
    await checkpoints.compare();
    expect(halt.halted()).toContain('was set back');
    expect(await checkpoints.make()).toBeNull();
  });

  it('finds a chain that was written anew from its first event', async () => {
    await asAttacker(database(), reset);
    await fill(store(), 45, 'lies');
    expect(await verify([])).toMatchObject({ verdict: 'unanchored', size: 45 });
    const report = await verify([anchor]);
    expect(report).toMatchObject({ verdict: 'broken', findings: [{ code: 'rewritten' }] });
    const { checkpoints, halt } = checkpointsOn(database(), anchor);
    await checkpoints.compare();
    expect(halt.halted()).toContain('was rewritten');
  });

  it('finds a checkpoint that somebody else signed', async () => {
    await asAttacker(
      database(),
      `UPDATE signalbox.checkpoint SET note = replace(note, E'\\n40\\n', E'\\n39\\n')`,
    );
    const report = await verify([anchor]);
    expect(report.findings).toMatchObject([{ code: 'untrusted_checkpoint' }]);
  });

  it('stops a process whose database is rewritten under its feet', async () => {
    const { checkpoints, halt } = checkpointsOn(database(), anchor);
    await checkpoints.make();
    await asAttacker(database(), reset);
    await fill(store(), 45, 'lies');
    expect(await checkpoints.make()).toBeNull();
    expect(halt.halted()).toContain('this process');
  });

  it('is refused to everybody who does not first take the triggers away', async () => {
    for (const sql of [
      'UPDATE signalbox.ledger SET kind = kind',
      'DELETE FROM signalbox.ledger WHERE seq = 40',
      'TRUNCATE signalbox.ledger',
      'UPDATE signalbox.checkpoint SET note = note',
      'DELETE FROM signalbox.checkpoint',
      'TRUNCATE signalbox.checkpoint',
      'UPDATE signalbox.stream SET fence = fence - 1',
      'UPDATE signalbox.stream SET version = version - 1',
      'DELETE FROM signalbox.stream',
      'TRUNCATE signalbox.stream',
    ]) {
      const refused = { code: 'store.corrupt', retryable: false };
      await expect(database().query(sql), sql).rejects.toMatchObject(refused);
    }
    expect(await verify([anchor])).toMatchObject({ verdict: 'intact', size: 40 });
  });
}

describe.skipIf(!requireServer('postgres'))('tampering on Postgres', () => {
  tamperingSuite(serverDatabase);

  it('finds that an older database was restored', async () => {
    const url = await freshDatabase();
    const anchor = createMemoryAnchor();
    const live = openPostgres({ url, log: silentLog });
    await migrate(live);
    await fill(createStore(live, { log: silentLog }), 10);
    await live.end();
    const backup = openPostgres({ url: url.replace(/[^/]*$/, 'postgres'), log: silentLog });
    const name = new URL(url).pathname.slice(1);
    await backup.query(`CREATE DATABASE ${name}_backup TEMPLATE ${name}`);
    await backup.end();
    const later = openPostgres({ url, log: silentLog });
    await fill(createStore(later, { log: silentLog }), 5);
    await checkpointsOn(later, anchor).checkpoints.make();
    await later.end();
    const restored = openPostgres({ url: `${url}_backup`, log: silentLog });
    await expectSetBack(restored, anchor);
    await restored.end();
  });
});

describe('tampering on PGlite', () => {
  tamperingSuite(embeddedDatabase);

  it('finds that an older directory was put back', async () => {
    const home = mkdtempSync(join(tmpdir(), 'signalbox-restore-'));
    const anchor = createMemoryAnchor();
    const use = async <T>(directory: string, work: (database: Database) => Promise<T>) => {
      const pglite = await openPglite({ directory: join(home, directory), log: silentLog });
      const database = openPostgres({ stream: pglite.connect, log: silentLog });
      await work(database);
      await database.end();
      await pglite.close();
    };
    cpSync(await migratedTemplate(), join(home, 'live', 'data'), { recursive: true });
    await use('live', (database) => fill(createStore(database, { log: silentLog }), 10));
    cpSync(join(home, 'live'), join(home, 'backup'), { recursive: true });
    await use('live', async (database) => {
      await fill(createStore(database, { log: silentLog }), 5);
      await checkpointsOn(database, anchor).checkpoints.make();
    });
    await use('backup', (database) => expectSetBack(database, anchor));
    rmSync(home, { recursive: true });
  });
});

async function expectSetBack(database: Database, anchor: Anchor): Promise<void> {
  const { checkpoints, halt } = checkpointsOn(database, anchor);
  await checkpoints.compare();
  expect(halt.halted()).toContain('fewer than the 15 events');
  const history = createHistory(database);
  const report = await verifyHistory({ history, anchors: [anchor], trust });
  expect(report).toMatchObject({ verdict: 'broken', size: 10, findings: [{ code: 'cut' }] });
}
