/**
 * The judge against the field, on simulated traffic with looks each 15 s. In pieces, because the
 * whole takes an hour; each writes its figures to docs/judge/figures, `report` makes the rest of it.
 *
 *   node bench/judge.ts false-alarms steady runs=400 others=150
 *   node bench/judge.ts detection steady runs=100
 *   node bench/judge.ts speed
 *   node bench/judge.ts report
 *
 * `rivals=0` asks none of the rivals and `rivals=1` the quickest only: what was found of the others is kept,
 * for they have not changed, and the same seeds give the same runs.
 */
import { detection, type Levels } from './judge/detection.ts';
import { falseAlarms } from './judge/false-alarms.ts';
import { keep, kept } from './judge/figures.ts';
import { report } from './judge/report.ts';
import { speeds } from './judge/speed.ts';
import { kinds } from './judge/traffic.ts';
import { type AnyKind, unseenKinds } from './judge/unseen-traffic.ts';

const alpha = 0.02;
const [part, name, ...rest] = process.argv.slice(2);
const options = new Map(rest.map((word) => [word.split('=')[0], Number(word.split('=')[1])]));
const known = kinds.find((one) => one === name);
const unseen = unseenKinds.find((one) => one === name);

switch (part) {
  case 'false-alarms': {
    const kind: AnyKind = known ?? unseen ?? 'steady';
    const found = falseAlarms(
      kind,
      {
        runs: options.get('runs') ?? 400,
        others: options.get('others') ?? 150,
        rivals: options.get('rivals') ?? 3,
      },
      alpha,
      kept().falseAlarms.find((one) => one.kind === kind) ?? null,
    );
    keep('falseAlarms', kind, [found]);
    console.log(JSON.stringify(found));
    break;
  }
  case 'detection': {
    const kind = known ?? 'steady';
    const found = detection(kind, options.get('runs') ?? 100, {
      fair: levels(kinds),
      oracle: levels([kind]),
    });
    keep('detection', kind, found);
    console.log(JSON.stringify(found));
    break;
  }
  case 'speed': {
    const found = speeds(15);
    keep('speed', 'all', found);
    for (const { what, points, microseconds, perSecond } of found) {
      console.log(`${what.padEnd(28)} ${points} points ${microseconds} us ${perSecond}/s`);
    }
    break;
  }
  case 'report':
    report(kept(), alpha);
    break;
  default:
    console.error('node bench/judge.ts false-alarms | detection | speed | report [KIND] [runs=N]');
    process.exitCode = 1;
}

/** The rivals' levels at which no more runs than promised raise an alarm in any of these kinds. */
function levels(of: readonly string[]): Levels {
  const found = kept().falseAlarms.filter(({ kind }) => of.includes(kind));
  const highest = (policy: string): number =>
    Math.max(...found.map(({ tuned }) => tuned[policy] ?? 0));
  return {
    aca: highest('netflix-aca, 5 min slices'),
    thresholds: highest('fixed thresholds'),
    peeked: highest('fixed-sample test, peeked'),
    gauge: highest('signalbox'),
    histogram: highest('signalbox, histograms'),
  };
}
