import { readFileSync, writeFileSync } from 'node:fs';
import { upperLimit } from '#core/analysis/calibration.ts';
import { matched } from './detection.ts';
import type { Figures } from './figures.ts';
import { clock, detectionPlot, falseAlarmPlot } from './plots.ts';

const page = 'docs/judge.md';

/** Draws the plots and writes the tables into docs/judge.md, between their marks. */
export function report(figures: Figures, alpha: number): void {
  writeFileSync('docs/judge/false-alarms.svg', falseAlarmPlot(figures, alpha));
  for (const kind of new Set(figures.detection.map((one) => one.kind))) {
    writeFileSync(`docs/judge/detection-${kind}.svg`, detectionPlot(figures, kind));
  }
  let text = readFileSync(page, 'utf8');
  text = filled(text, 'false-alarms', falseAlarmTable(figures));
  text = filled(text, 'promised', promisedTable(figures, alpha));
  text = filled(text, 'matched', matchedTable(figures));
  text = filled(text, 'detection', detectionTables(figures));
  text = filled(text, 'speed', speedTable(figures));
  writeFileSync(page, text);
}

function filled(text: string, name: string, table: string): string {
  const [from, to] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`${page} has no place for ${name}`);
  return `${text.slice(0, start + from.length)}\n\n${table}\n\n${text.slice(end)}`;
}

function falseAlarmTable({ falseAlarms }: Figures): string {
  const policies = Object.keys(falseAlarms[0]?.byPolicy ?? {});
  const rows = falseAlarms.map(({ kind, byPolicy }) => {
    const cells = policies.map((policy) => {
      const { runs = 0, alarms = [] } = byPolicy[policy] ?? {};
      const last = alarms.at(-1) ?? 0;
      return `${last} / ${runs} (≤ ${(100 * upperLimit(last, runs)).toFixed(1)} %)`;
    });
    return row([kind, ...cells]);
  });
  return table(['Traffic', ...policies], rows);
}

/**
 * Medians of everybody at settings that can be had before a release. Who raises more false alarms in that
 * traffic than promised stands in brackets, with how many; of the others the quickest is bold.
 */
function promisedTable({ detection, falseAlarms }: Figures, alpha: number): string {
  const own = detection.filter(({ policy }) => !policy.endsWith(matched));
  const policies = [...new Set(own.map(({ policy }) => policy))];
  const rateOf = (kind: string, policy: string): number => {
    const { runs = 1, alarms = [] } =
      falseAlarms.find((one) => one.kind === kind)?.byPolicy[policy] ?? {};
    return (alarms.at(-1) ?? 0) / runs;
  };
  const rows = [...Map.groupBy(own, ({ kind, defect }) => `${kind}: ${defect}`)].map(
    ([what, found]) => {
      const keeping = found.filter(({ kind, policy }) => rateOf(kind, policy) <= alpha);
      const best = Math.min(...keeping.map(({ median }) => median ?? Number.POSITIVE_INFINITY));
      const cells = policies.map((policy) => {
        const one = found.find((it) => it.policy === policy);
        if (one === undefined) return '';
        const rate = rateOf(one.kind, policy);
        if (rate > alpha) return `(${clock(one.median)}, ${Math.round(100 * rate)} %)`;
        return one.median !== null && one.median === best
          ? `**${clock(one.median)}**`
          : clock(one.median);
      });
      return row([what, ...cells]);
    },
  );
  return table(['', ...policies], rows);
}

/** Medians of those that were tuned to the same rate on the same traffic; the quickest in bold. */
function matchedTable({ detection }: Figures): string {
  const own = detection.filter(({ policy }) => policy.endsWith(matched));
  const policies = [...new Set(own.map(({ policy }) => policy))];
  const rows = [...Map.groupBy(own, ({ kind, defect }) => `${kind}: ${defect}`)].map(
    ([what, found]) => {
      const best = Math.min(...found.map(({ median }) => median ?? Number.POSITIVE_INFINITY));
      const cells = policies.map((policy) => {
        const median = found.find((one) => one.policy === policy)?.median ?? null;
        return median !== null && median === best ? `**${clock(median)}**` : clock(median);
      });
      return row([what, ...cells]);
    },
  );
  return table(['', ...policies.map((policy) => policy.replace(`, ${matched}`, ''))], rows);
}

function detectionTables({ detection }: Figures): string {
  return [...new Set(detection.map(({ kind }) => kind))]
    .map((kind) => {
      const own = detection.filter((one) => one.kind === kind);
      const defects = [...new Set(own.map(({ defect }) => defect))];
      const rows = [...new Set(own.map(({ policy }) => policy))].map((policy) =>
        row([
          policy,
          ...defects.map((defect) => {
            const one = own.find((it) => it.policy === policy && it.defect === defect);
            if (one === undefined) return '';
            const missed = one.missed === 0 ? '' : `, missed ${one.missed}`;
            return `${clock(one.median)} / ${clock(one.p90)}${missed}`;
          }),
        ]),
      );
      const head = `### ${kind} (${own[0]?.runs ?? 0} runs each)`;
      return `${head}\n\n${table(['', ...defects], rows)}\n\n![](judge/detection-${kind}.svg)`;
    })
    .join('\n\n');
}

function speedTable({ speed }: Figures): string {
  return table(
    ['', 'Points a side', 'Microseconds', 'Per second and core'],
    speed.map(({ what, points, microseconds, perSecond }) =>
      row([what, String(points), String(microseconds), String(perSecond)]),
    ),
  );
}

function table(heads: readonly string[], rows: readonly string[]): string {
  return [row(heads), row(heads.map(() => '---')), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
