interface Finding {
  readonly well: boolean;
  readonly what: string;
  readonly fix: string;
}

/** Prints what a doctor found, with what to do. The exit code is 1 when something is not well. */
export function tellFindings(findings: readonly Finding[]): number {
  for (const { well, what, fix } of findings) {
    process.stdout.write(`${well ? 'ok   ' : 'fix  '} ${what}${well ? '' : `\n      ${fix}`}\n`);
  }
  return findings.every(({ well }) => well) ? 0 : 1;
}
