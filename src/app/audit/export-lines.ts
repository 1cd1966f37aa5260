import { z } from 'zod';
import type { AuditedEntry } from '#core/ledger/auditor.ts';
import { fromBase64 } from '#core/ledger/base64.ts';
import { fromHex } from '#core/ledger/bytes.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

const Header = z.object({
  format: z.literal('signalbox-ledger-1'),
  key: z.string(),
  formerKeys: z.array(z.string()).default([]),
  size: z.number().int().nonnegative(),
  chain: Hash,
  root: Hash,
});
export type ExportHeader = z.infer<typeof Header>;

const EventLine = z.object({ seq: z.number().int(), bytes: z.string(), prev: Hash, leaf: Hash });
const CheckpointLine = z.object({ checkpoint: z.string() });
/** What the checks of an entry compare with its bytes; in an export it comes from the bytes. */
const Labels = z.object({
  at: z.number(),
  stream: z.string(),
  version: z.number(),
  kind: z.string(),
});

export type ExportLine =
  | { readonly kind: 'header'; readonly header: ExportHeader }
  | { readonly kind: 'event'; readonly entry: AuditedEntry }
  | { readonly kind: 'checkpoint'; readonly note: string };

/** Reads one line of an export; null when it is none. */
export function parseExportLine(line: string): ExportLine | null {
  const value = parseJson(line);
  const event = EventLine.safeParse(value);
  if (event.success) return eventLine(event.data);
  const checkpoint = CheckpointLine.safeParse(value);
  if (checkpoint.success) return { kind: 'checkpoint', note: checkpoint.data.checkpoint };
  const header = Header.safeParse(value);
  return header.success ? { kind: 'header', header: header.data } : null;
}

function eventLine(line: z.infer<typeof EventLine>): ExportLine | null {
  const [bytes, prevHash, leafHash] = [
    fromBase64(line.bytes),
    fromHex(line.prev),
    fromHex(line.leaf),
  ];
  if (bytes === null || prevHash === null || leafHash === null) return null;
  const labels = Labels.safeParse(parseJson(new TextDecoder().decode(bytes)));
  if (!labels.success) return null;
  const entry = { ...labels.data, seq: line.seq, bytes, prevHash, leafHash, nodeHash: null };
  return { kind: 'event', entry };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
