import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readFigures } from '#app/figures/read-figures.ts';
import { figuresCsv, releasesCsv } from '#core/figures/export.ts';
import { figuresReport } from '#core/figures/report.ts';
import { createLookup } from '#core/settings/lookup.ts';
import { withStore } from './with-store.ts';

const usage = `signalbox figures [--days 30] [--service NAME] [--environment NAME]   as JSON
signalbox figures --csv …        one line a figure
signalbox figures --releases …   one line a release: what the figures are made from
`;

/** `signalbox figures`. Exit codes: 0 done, 1 trouble. */
export async function figuresDoor(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      days: { type: 'string', default: '30' },
      service: { type: 'string' },
      environment: { type: 'string' },
      csv: { type: 'boolean', default: false },
      releases: { type: 'boolean', default: false },
    },
  });
  const days = Number(values.days);
  if (!Number.isInteger(days) || days < 1 || days > 3660) {
    process.stderr.write(usage);
    return 1;
  }
  return withStore(async (store, { settings }) => {
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    const snapshot = { settings, lookup: createLookup(settings, sha256) };
    const { service = null, environment = null } = values;
    const question = await store.transact((tx) =>
      readFigures(tx, snapshot, { days, service, environment }),
    );
    if (values.releases) process.stdout.write(releasesCsv(question));
    else if (values.csv) process.stdout.write(figuresCsv(question));
    else process.stdout.write(`${JSON.stringify(figuresReport(question), null, 2)}\n`);
    return 0;
  });
}
