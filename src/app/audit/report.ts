import type { AuditSummary, Finding } from '#core/ledger/auditor.ts';
import { toHex } from '#core/ledger/bytes.ts';

/** What an audit has found. JSON-safe. */
export interface AuditReport {
  /**
   * `intact`: complete and unaltered up to the newest checkpoint, and consistent after it.
   * `unanchored`: consistent in itself, but no checkpoint vouches for it, so that a cut tail or a
   * history rewritten whole cannot be told. `broken`: see the findings.
   */
  readonly verdict: 'intact' | 'unanchored' | 'broken';
  readonly size: number;
  readonly root: string;
  readonly chain: string;
  readonly checkpoints: { readonly given: number; readonly agreed: number };
  readonly findings: readonly Finding[];
  /** How many there are; `findings` holds at most 100. */
  readonly found: number;
}

/** The report of a finished check. */
export function reportOf(summary: AuditSummary, given: number): AuditReport {
  const { size, root, chain, findings, found, agreed } = summary;
  return {
    verdict: found > 0 ? 'broken' : agreed > 0 || size === 0 ? 'intact' : 'unanchored',
    size,
    root: toHex(root),
    chain: toHex(chain),
    checkpoints: { given, agreed },
    findings,
    found,
  };
}

/** Exit code of `audit verify`: 0 nothing found, 1 history is broken. 2 is for "could not check". */
export function exitCodeOf(report: AuditReport): 0 | 1 {
  return report.verdict === 'broken' ? 1 : 0;
}

/** The report for a terminal, one plain line each. */
export function reportLines(report: AuditReport): readonly string[] {
  const { verdict, size, root, checkpoints, findings, found } = report;
  const lines = findings.map(({ code, seq, message }) =>
    seq === null ? `${code}: ${message}` : `${code} at event ${seq}: ${message}`,
  );
  if (found > findings.length) lines.push(`and ${found - findings.length} more`);
  const said = `${size} events, root ${root}, ${checkpoints.agreed} of ${checkpoints.given} checkpoints agree`;
  return [...lines, `${sentences[verdict]} ${said}`];
}

const sentences: Readonly<Record<AuditReport['verdict'], string>> = {
  intact: 'The history is complete and unaltered:',
  unanchored: 'The history is consistent, but no checkpoint vouches for its end:',
  broken: 'The history is BROKEN:',
};
