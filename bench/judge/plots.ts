import type { Detection } from './detection.ts';
import { horizons } from './false-alarms.ts';
import type { Figures } from './figures.ts';

const ink = '#1f2933';
const faint = '#9aa5b1';
const colours: Readonly<Record<string, string>> = {
  signalbox: '#0b69a3',
  'signalbox, histograms': '#00a2ae',
  'netflix-aca, 5 min slices': '#d64545',
  'netflix-aca, tuned': '#f29b9b',
  'netflix-aca, tuned to this traffic': '#f9cfcf',
  'fixed thresholds': '#7b8794',
  'fixed thresholds, tuned to this traffic': '#b8c2cc',
  'fixed-sample test, peeked': '#e9b949',
  'fixed-sample test, tuned': '#a368fc',
  'fixed-sample test, tuned to this traffic': '#d3b7fb',
  'signalbox, tuned to this traffic': '#7cb8de',
  'signalbox, histograms, tuned to this traffic': '#8adbe0',
};

function colourOf(policy: string): string {
  return colours[policy] ?? ink;
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
      return `<polyline fill="none" stroke="${colourOf(policy)}" stroke-width="2" points="${points.join(' ')}"/>`;
    });
    const labels = ['10m', '30m', '1h', '2h', '4h'].map((label, i) =>
      text(x(i), size.height - 5, label, 'middle', faint),
    );
    const marks = [0, 0.02, 0.1, 0.3, 1].map((share) =>
      text(30, y(share) + 4, `${share * 100} %`, 'end', faint),
    );
    const promise = `<line x1="34" x2="${size.width - 10}" y1="${y(alpha)}" y2="${y(alpha)}" stroke="${ink}" stroke-dasharray="4 3"/>`;
    const left = (at % 4) * (size.width + size.gapX);
    const down = Math.floor(at / 4) * (size.height + size.gapY) + 28;
    return `<g transform="translate(${left},${down})">${text(34, 10, kind, 'start', ink)}${promise}${lines.join('')}${labels.join('')}${marks.join('')}</g>`;
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
      `<line x1="${x(seconds)}" x2="${x(seconds)}" y1="30" y2="${36 + defects.length * group}" stroke="#e4e7eb"/>${text(x(seconds), 50 + defects.length * group, seconds < 60 ? `${seconds} s` : `${seconds / 60} min`, 'middle', faint)}`,
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
  const colour = colourOf(policy);
  const median = x(one.median);
  const whisker = `<line x1="${median}" x2="${x(one.p90)}" y1="${top + 6}" y2="${top + 6}" stroke="${colour}" stroke-width="2"/>`;
  const missed = one.missed === 0 ? '' : `missed ${Math.round((one.missed / one.runs) * 100)} %`;
  const words = one.median === null ? missed : `${clock(one.median)} / ${clock(one.p90)} ${missed}`;
  return `<rect x="150" y="${top}" width="${Math.max(1, median - 150).toFixed(1)}" height="11" fill="${colour}" opacity="${one.median === null ? 0.25 : 0.85}"/>${whisker}${text(Math.min(862, x(one.p90) + 4), top + 10, words, 'start', ink, 10)}`;
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
      return `<rect x="${at}" y="${down - 9}" width="10" height="10" fill="${colourOf(policy)}"/>${text(at + 14, down, policy, 'start', ink)}`;
    })
    .join('');
}

function text(
  x: number,
  y: number,
  words: string,
  anchor: 'start' | 'middle' | 'end',
  colour: string,
  size = 11,
): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colour}" font-size="${size}">${words}</text>`;
}

function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" role="img"><title>${title}</title><rect width="100%" height="100%" fill="#fff"/>${text(4, 16, title, 'start', ink, 13)}${parts.join('\n')}</svg>\n`;
}
