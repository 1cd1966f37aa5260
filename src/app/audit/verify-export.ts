import type { Digest } from '#core/canonical.ts';
import { type AuditedEntry, createAuditor } from '#core/ledger/auditor.ts';
import { fromHex } from '#core/ledger/bytes.ts';
import { type NoteKey, parseVerifierKey } from '#core/ledger/note.ts';
import type { VerifySignature } from '#ports/signer.ts';
import { type ExportHeader, type ExportLine, parseExportLine } from './export-lines.ts';
import { type AuditReport, reportOf } from './report.ts';
import { type FoundCheckpoint, vouchedTrees } from './trust.ts';

/** The file is no export, so nothing can be said about the history in it. */
export class NotAnExport extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotAnExport';
  }
}

/**
 * Checks an export without a database. `checkpoints` are notes that the auditor has from
 * elsewhere; `key` is the key that the auditor knows. Without it the key named in the export
 * counts, which tells accidents and clumsy forgers, but not somebody who signs anew.
 * @throws NotAnExport
 */
export async function verifyExport(options: {
  readonly lines: AsyncIterable<string> | Iterable<string>;
  readonly checkpoints: readonly string[];
  readonly key: NoteKey | null;
  readonly digest: Digest;
  readonly verify: VerifySignature;
}): Promise<AuditReport> {
  const { digest, verify } = options;
  const lines = numbered(options.lines);
  const { header, notes, first } = await opening(lines);
  const key = options.key ?? parseVerifierKey(digest, header.key);
  if (key === null) throw new NotAnExport('The key in the header cannot be read');
  const given: readonly FoundCheckpoint[] = [
    ...notes.map((note) => ({ from: 'the export', note })),
    ...options.checkpoints.map((note) => ({ from: 'the auditor', note })),
  ];
  const formerKeys = header.formerKeys.flatMap((text) => parseVerifierKey(digest, text) ?? []);
  const { vouched, untrusted } = vouchedTrees({ digest, verify, key, formerKeys }, given);
  const auditor = createAuditor(digest, vouched);
  for (const finding of untrusted) auditor.note(finding);
  if (first !== null) auditor.add(first);
  for await (const { number, line } of lines) {
    if (line.kind !== 'event') throw new NotAnExport(`Line ${number} should be an event`);
    auditor.add(line.entry);
  }
  const [root, chain] = [fromHex(header.root), fromHex(header.chain)];
  if (root === null || chain === null) throw new NotAnExport('The header has no hashes');
  return reportOf(auditor.finish({ size: header.size, root, chain }), given.length);
}

interface NumberedLine {
  readonly number: number;
  readonly line: ExportLine;
}

async function* numbered(
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<NumberedLine> {
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text === '') continue;
    const line = parseExportLine(text);
    if (line === null) throw new NotAnExport(`Line ${number} is not a line of an export`);
    yield { number, line };
  }
}

/** The header, the checkpoints after it, and the event that ended them. */
async function opening(lines: AsyncGenerator<NumberedLine>): Promise<{
  readonly header: ExportHeader;
  readonly notes: readonly string[];
  readonly first: AuditedEntry | null;
}> {
  const start = await lines.next();
  if (start.done === true || start.value.line.kind !== 'header') {
    throw new NotAnExport('The export does not begin with its header');
  }
  const { header } = start.value.line;
  const notes: string[] = [];
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    const { line, number } = next.value;
    if (line.kind === 'event') return { header, notes, first: line.entry };
    if (line.kind === 'header') throw new NotAnExport(`Line ${number} is a second header`);
    notes.push(line.note);
  }
  return { header, notes, first: null };
}
