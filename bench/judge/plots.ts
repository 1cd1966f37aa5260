import type { Detection } from './detection.ts';
import { horizons } from './false-alarms.ts';
import type { Figures } from './figures.ts';

const ink = 'ink';
const faint = 'faint';

/** Both schemes of the page: an image follows the reader's, as far as what shows it lets it. */
const style = `<style>
.paper{fill:#fff}.ink{fill:#1f2933}.faint{fill:#5b6875}.rule{stroke:#d9dee3}.promise{stroke:#1f2933}
@media(prefers-color-scheme:dark){.paper{fill:#12171d}.ink{fill:#e6eaee}.faint{fill:#9aa7b4}.rule{stroke:#333d47}.promise{stroke:#e6eaee}}
</style>`;

/** One hue for each judge, that stands out on white and on black alike. */
const hues: readonly (readonly [start: string, hue: string])[] = [
  ['signalbox, histograms', '#0d9aa5'],
  ['signalbox', '#2f7fd6'],
  ['netflix-aca', '#e0484d'],
  ['fixed thresholds', '#8592a0'],
  ['fixed-sample test', '#cf8a0e'],
];

/** As it comes it is filled; tuned, or without what releases before showed, it is pale; tuned to the traffic at hand it is an outline. */
function lookOf(policy: string): { readonly colour: string; readonly fill: number } {
  const colour = hues.find(([start]) => policy.startsWith(start))?.[1] ?? '#8592a0';
  if (policy.endsWith('tuned to this traffic')) return { colour, fill: 0.08 };
  const pale = policy.endsWith('tuned') || policy.endsWith('first release');
  return { colour, fill: pale ? 0.45 : 1 };
}

/** False alarms by horizon, one small plot per kind of traffic, on a scale of square roots. */
export function falseAlarmPlot({ falseAlarms }: Figures, alpha: number): string {
  const size = { width: 230, height: 170, gapX: 22, gapY: 46 };
  const policies = Object.keys(falseAlarms[0]?.byPolicy ?? {});
  const y = (share: number): number => size.height - 20 - Math.sqrt(share) * (size.height - 40);
  const x = (i: number): number => 34 + (i / (horizons.length - 1)) * (size.width - 44);
  const panels = falseAlarms.map(({ kind, byPolicy }, at) => {
    const lines = policies.map((policy) => {
      const { runs = 1, alarms = [] } = byPolicy[policy] ?? {};
      const points = alarms.map((count, i) => `${x(i).toFixed(1)},${y(count / runs).toFixed(1)}`);
      const { colour, fill } = lookOf(policy);
      return `<polyline fill="none" stroke="${colour}" stroke-opacity="${fill}" stroke-width="2" points="${points.join(' ')}"/>`;
    });
    const labels = ['10m', '30m', '1h', '2h', '4h'].map((label, i) =>
      text(x(i), size.height - 5, label, 'middle', faint),
    );
    const marks = [0, 0.02, 0.1, 0.3, 1].map((share) =>
      text(30, y(share) + 4, `${share * 100} %`, 'end', faint),
    );
    const promise = `<line x1="34" x2="${size.width - 10}" y1="${y(alpha)}" y2="${y(alpha)}" class="promise" stroke-dasharray="4 3"/>`;
    const left = (at % 4) * (size.width + size.gapX);
    const down = Math.floor(at / 4) * (size.height + size.gapY) + 28;
    return `<g transform="translate(${left + 6},${down})">${text(34, 10, kind, 'start', ink)}${promise}${lines.join('')}${labels.join('')}${marks.join('')}</g>`;
  });
  const height = Math.ceil(falseAlarms.length / 4) * (size.height + size.gapY) + 50;
  const title = `Runs with a false alarm, the same version on both sides, a look each 15 s (dashed: promised ${alpha * 100} %)`;
  return svg(4 * (size.width + size.gapX), height, title, [
    ...panels,
    legend(policies, height - 14),
  ]);
}

/** Median and p90 of the time to detect, one group of bars per defect. */
export function detectionPlot(figures: Figures, kind: Detection['kind']): string {
  const rows = figures.detection.filter((one) => one.kind === kind);
  const defects = [...new Set(rows.map((one) => one.defect))];
  const policies = [...new Set(rows.map((one) => one.policy))];
  const hour = 3600;
  const x = (seconds: number | null): number =>
    150 + (Math.log((seconds ?? hour) / 15) / Math.log(hour / 15)) * 640;
  const line = 15;
  const group = policies.length * line + 18;
  const bars = defects.flatMap((defect, i) => [
    text(4, 40 + i * group + group / 2 - 6, defect, 'start', ink),
    ...policies.map((policy, j) => {
      const one = rows.find((row) => row.defect === defect && row.policy === policy);
      return bar(x, one, policy, 36 + i * group + j * line);
    }),
  ]);
  const marks = [15, 60, 300, 900, 1800, 3600].map(
    (seconds) =>
      `<line x1="${x(seconds)}" x2="${x(seconds)}" y1="30" y2="${36 + defects.length * group}" class="rule"/>${text(x(seconds), 50 + defects.length * group, seconds < 60 ? `${seconds} s` : `${seconds / 60} min`, 'middle', faint)}`,
  );
  const height = 90 + defects.length * group + 40;
  const title = `Time to detect, ${kind} traffic: bar to the median, line to p90, open end: missed within the hour`;
  return svg(960, height, title, [...marks, ...bars, legend(policies, height - 14)]);
}

function bar(
  x: (seconds: number | null) => number,
  one: Detection | undefined,
  policy: string,
  top: number,
): string {
  if (one === undefined) return '';
  const { colour, fill } = lookOf(policy);
  const median = x(one.median);
  const whisker = `<line x1="${median}" x2="${x(one.p90)}" y1="${top + 6}" y2="${top + 6}" stroke="${colour}" stroke-width="2"/>`;
  const missed = one.missed === 0 ? '' : `missed ${Math.round((one.missed / one.runs) * 100)} %`;
  const words = one.median === null ? missed : `${clock(one.median)} / ${clock(one.p90)} ${missed}`;
  return `<rect x="150" y="${top}" width="${Math.max(1, median - 150).toFixed(1)}" height="10" fill="${colour}" fill-opacity="${one.median === null ? 0 : fill}" stroke="${colour}" ${one.median === null ? 'stroke-dasharray="3 3"' : ''}/>${whisker}${text(Math.min(862, x(one.p90) + 4), top + 10, words, 'start', ink, 10)}`;
}

/** `2:15`, minutes and seconds; a dash when it never came. */
export function clock(seconds: number | null): string {
  if (seconds === null) return '–';
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function legend(policies: readonly string[], top: number): string {
  return policies
    .map((policy, i) => {
      const at = 4 + (i % 3) * 310;
      const down = top - 18 * (Math.ceil(policies.length / 3) - 1 - Math.floor(i / 3));
      const { colour, fill } = lookOf(policy);
      return `<rect x="${at}" y="${down - 9}" width="10" height="10" fill="${colour}" fill-opacity="${fill}" stroke="${colour}"/>${text(at + 14, down, policy, 'start', ink)}`;
    })
    .join('');
}

function text(
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end',
  tone: string,
  size = 11,
): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" class="${tone}" font-size="${size}">${words}</text>`;
}

function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" role="img"><title>${title}</title>${style}<rect width="100%" height="100%" class="paper"/>${text(4, 16, title, 'start', ink, 13)}${parts.join('\n')}</svg>\n`;
}
