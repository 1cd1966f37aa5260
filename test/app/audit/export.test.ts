import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '#adapters/memory/store.ts';
import { exportHistory } from '#app/audit/export.ts';
import { proveEvent, verifyProof } from '#app/audit/prove.ts';
import { exitCodeOf, reportLines } from '#app/audit/report.ts';
import { NotAnExport, verifyExport } from '#app/audit/verify-export.ts';
import { createCheckpoints } from '#app/checkpoint.ts';
import { createHalt } from '#app/halt.ts';
import { silentLog } from '../../adapters/pglite/silent-log.ts';
import { digest, fill, newSigner } from './auditor-kit.ts';

const { signer, trust } = newSigner();
const { verify, key } = trust;

async function exported(events = 12) {
  const { store, history } = createMemoryStore({ clock: { now: () => 1000 } });
  const checkpoints = createCheckpoints({
    history,
    signer,
    trust,
    anchors: [],
    halt: createHalt(silentLog),
    clock: { now: () => 1000 },
    log: silentLog,
  });
  await fill(store, events);
  const note = await checkpoints.make();
  await fill(store, 2);
  const lines: string[] = [];
  for await (const line of exportHistory(history, trust)) lines.push(line);
  return { history, lines, note: note ?? '' };
}

const check = (lines: readonly string[], checkpoints: readonly string[] = []) =>
  verifyExport({ lines, checkpoints, key, digest, verify });

describe('an export', () => {
  it('is verified without a database', async () => {
    const { lines, note } = await exported();
    const report = await check(lines, [note]);
    expect(report).toMatchObject({
      verdict: 'intact',
      size: 14,
      checkpoints: { given: 2, agreed: 2 },
    });
    expect(exitCodeOf(report)).toBe(0);
    expect(reportLines(report)).toEqual([
      expect.stringContaining('complete and unaltered: 14 events'),
    ]);
    const byItsOwnKey = await verifyExport({ lines, checkpoints: [], key: null, digest, verify });
    expect(byItsOwnKey.verdict).toBe('intact');
  });

  it('says that nothing vouches for it when there is no checkpoint', async () => {
    const { lines } = await exported();
    const report = await check(lines.filter((line) => !line.includes('checkpoint')));
    expect(report.verdict).toBe('unanchored');
    expect(exitCodeOf(report)).toBe(0);
  });

  const event = (line: string): boolean => line.startsWith('{"seq":');
  it.each([
    [
      'an edited event',
      (lines: string[]) =>
        lines.map((line) => (line.startsWith('{"seq":5,') ? edited(line) : line)),
      'edited',
    ],
    [
      'a deleted event',
      (lines: string[]) => lines.filter((line) => !line.startsWith('{"seq":5,')),
      'gap',
    ],
    [
      'a cut tail',
      (lines: string[]) =>
        lines.filter((line) => !event(line) || Number(/\d+/.exec(line)?.[0]) < 10),
      'cut',
    ],
    ['a tail cut behind the checkpoint', (lines: string[]) => lines.slice(0, -1), 'wrong_head'],
    [
      'events in another order',
      (lines: string[]) => [...lines.slice(0, -2), ...lines.slice(-2).toReversed()],
      'gap',
    ],
    [
      'a checkpoint of somebody else',
      (lines: string[]) => lines.map((line) => line.replace(key.name, 'someone')),
      'untrusted_checkpoint',
    ],
  ])('with %s is broken', async (_, tamper, code) => {
    const { lines } = await exported();
    const report = await check(tamper([...lines]));
    expect(report.findings.map((finding) => finding.code)).toContain(code);
    expect(exitCodeOf(report)).toBe(1);
    expect(reportLines(report).join('\n')).toContain('BROKEN');
  });

  it('that was made anew with another key is told by who knows the key', async () => {
    const { lines } = await exported();
    const other = newSigner();
    const report = await verifyExport({
      lines,
      checkpoints: [],
      key: other.trust.key,
      digest,
      verify,
    });
    expect(report.findings.map((finding) => finding.code)).toContain('untrusted_checkpoint');
  });

  it.each([
    ['nothing', []],
    ['no header', ['{"checkpoint":"x"}']],
    ['something else', ['{"hello":"world"}']],
    ['no JSON', ['hello']],
  ])('is not %s', async (_, lines) => {
    await expect(check(lines)).rejects.toBeInstanceOf(NotAnExport);
  });

  it('is not what goes on with something else', async () => {
    const { lines } = await exported();
    await expect(check([...lines, lines[0] ?? ''])).rejects.toBeInstanceOf(NotAnExport);
    await expect(
      check([...lines, '{"seq":15,"bytes":"!","prev":"","leaf":""}']),
    ).rejects.toBeInstanceOf(NotAnExport);
  });
});

function edited(line: string): string {
  const { bytes, ...rest } = JSON.parse(line);
  const text = Buffer.from(bytes, 'base64').toString().replace('true', 'lies');
  return JSON.stringify({ ...rest, bytes: Buffer.from(text).toString('base64') });
}

describe('a proof', () => {
  it('shows each event that a checkpoint covers, and no other', async () => {
    const { history } = await exported();
    for (let seq = 1; seq <= 12; seq++) {
      const proof = await proveEvent(history, digest, seq);
      expect(proof).not.toBeNull();
      if (proof === null) continue;
      expect(verifyProof(trust, proof)).toBe(true);
      expect(verifyProof(trust, { ...proof, seq: seq === 12 ? 1 : seq + 1 })).toBe(false);
      const lie = Buffer.from(proof.bytes, 'base64').toString().replace('true', 'lies');
      expect(verifyProof(trust, { ...proof, bytes: Buffer.from(lie).toString('base64') })).toBe(
        false,
      );
      expect(verifyProof(newSigner().trust, proof)).toBe(false);
      expect(verifyProof(trust, { ...proof, path: ['zz', ...proof.path] })).toBe(false);
    }
    for (const seq of [0, 13, 14, 15]) expect(await proveEvent(history, digest, seq)).toBeNull();
  });
});
