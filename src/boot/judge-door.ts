import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { backtest } from '#app/judge/backtest.ts';
import { calibrate } from '#app/judge/calibrate.ts';
import { replayRollout } from '#app/judge/replay.ts';
import { importArgo } from '#core/analysis/importers/argo-template.ts';
import { importKayenta } from '#core/analysis/importers/kayenta.ts';
import type { Result } from '#core/result.ts';
import { withStore } from './with-store.ts';

const usage = `signalbox judge replay ROLLOUT [--set floor.relative=0.05 …]   judge a release again
signalbox judge backtest SERVICE [--last 20] [--set …]           the last releases under other settings
signalbox judge calibrate SERVICE [--last 20]                    how often it sees harm where there is none
signalbox judge import argo | kayenta FILE [--source NAME]       an analysis for signalbox.yaml
`;

/** `signalbox judge`. Exit codes: 0 done, 1 trouble, 2 refused. */
export async function judgeDoor(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      set: { type: 'string', multiple: true, default: [] },
      last: { type: 'string', default: '20' },
      source: { type: 'string', default: 'prometheus' },
    },
  });
  const [what, subject, file] = positionals;
  const last = Number(values.last);
  const { set } = values;
  if (subject === undefined || !Number.isInteger(last) || last < 1) {
    process.stderr.write(usage);
    return 1;
  }
  switch (what) {
    case 'replay':
      return withStore(async (store) =>
        told(await replayRollout({ store }, { rollout: subject, set })),
      );
    case 'backtest':
      return withStore(async (store) =>
        told(await backtest({ store }, { service: subject, last, set })),
      );
    case 'calibrate':
      return withStore(async (store) =>
        told(await calibrate({ store }, { service: subject, last })),
      );
    case 'import':
      return importFile(subject, file, values.source);
    default:
      process.stderr.write(usage);
      return 1;
  }
}

async function importFile(form: string, file: string | undefined, source: string): Promise<number> {
  if (file === undefined || (form !== 'argo' && form !== 'kayenta')) {
    process.stderr.write(usage);
    return 1;
  }
  const read: unknown = parse(await readFile(file, 'utf8'));
  return told(form === 'argo' ? importArgo(read, source) : importKayenta(read, source));
}

/** Results as YAML: for people to read, and for settings to paste. */
function told(result: Result<unknown>): number {
  if (result.ok) {
    process.stdout.write(stringify(result.value, { aliasDuplicateObjects: false }));
    return 0;
  }
  const { code, message, next } = result.refusal;
  process.stderr.write(`${message}\n${next}\n${code}\n`);
  return 2;
}
