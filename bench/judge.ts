/**
 * The judge against the field, on simulated traffic with looks each 15 s.
 *
 *   node bench/judge.ts                     everything, about an hour; writes docs/judge/
 *   node bench/judge.ts runs=20             a quick impression, writes nothing
 *   node bench/judge.ts only=speed          one part: false-alarms, detection or speed
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { type Detection, detection } from './judge/detection.ts';
import { type FalseAlarms, falseAlarms, horizons } from './judge/false-alarms.ts';
import type { Figures } from './judge/figures.ts';
import { clock, detectionPlot, falseAlarmPlot } from './judge/plots.ts';
import { type Speed, speeds } from './judge/speed.ts';
import { type Kind, kinds } from './judge/traffic.ts';

const alpha = 0.02;
const options = new Map(
  process.argv
    .slice(2)
    .map((word) => word.split('=', 2))
    .map(([key, value]) => [key, value]),
);
const runs = Number(options.get('runs') ?? 300);
const only = options.get('only');
const whole = !options.has('runs');
const kept = 'docs/judge/figures.json';

const wanted = (part: string): boolean => only === undefined || only === part;
const before = whole ? keptFigures() : null;
const measured = wanted('false-alarms') ? measureFalseAlarms() : null;
const calibratedZ = measured === null ? (before?.calibratedZ ?? 4.5) : calibrate(measured);
const found = wanted('detection') ? measureDetection(calibratedZ) : null;
const fast = wanted('speed') ? measureSpeed() : null;

if (whole) {
  const figures: Figures = {
    alpha,
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.version}`,
    falseAlarms: measured?.map(({ largestZ: _, ...rest }) => rest) ?? before?.falseAlarms ?? [],
    calibratedZ,
    detection: found ?? before?.detection ?? [],
    speed: fast ?? before?.speed ?? [],
  };
  mkdirSync('docs/judge', { recursive: true });
  writeFileSync(kept, `${JSON.stringify(figures, null, 1)}\n`);
  writeFileSync('docs/judge/false-alarms.svg', falseAlarmPlot(figures));
  for (const kind of new Set(figures.detection.map((one) => one.kind))) {
    writeFileSync(`docs/judge/detection-${kind}.svg`, detectionPlot(figures, kind));
  }
}

function keptFigures(): Figures | null {
  try {
    const figures: Figures = JSON.parse(readFileSync(kept, 'utf8'));
    return figures;
  } catch {
    return null;
  }
}

function measureFalseAlarms(): readonly FalseAlarms[] {
  console.log(`False alarms in ${runs} runs by 10 min, 30 min, 1 h, 2 h, 4 h:`);
  return kinds.map((kind) => {
    const one = falseAlarms(kind, runs);
    for (const [policy, counts] of Object.entries(one.byPolicy)) {
      const shares = counts.map((count) => `${((100 * count) / runs).toFixed(1)} %`.padStart(8));
      console.log(`${kind.padEnd(15)} ${policy.padEnd(28)} ${shares.join('')}`);
    }
    return one;
  });
}

/** So high that in no kind of traffic more runs than promised ever reach it. */
function calibrate(all: readonly FalseAlarms[]): number {
  return Math.max(
    ...all.map(({ largestZ }) => {
      const sorted = largestZ.toSorted((a, b) => b - a);
      return (sorted[Math.floor(alpha * sorted.length)] ?? 0) + 1e-9;
    }),
  );
}

function measureDetection(z: number): readonly Detection[] {
  console.log(
    `Time to detect, median / p90 (m:s); the peeked test is calibrated at z = ${z.toFixed(2)}:`,
  );
  const parts: readonly (readonly [Kind, number])[] = [
    ['steady', runs],
    ...kinds.slice(1).map((kind) => [kind, Math.ceil(runs / 5)] as const),
  ];
  return parts.flatMap(([kind, count]) => {
    const rows = detection(kind, Math.min(count, 200), z);
    for (const { defect, policy, median, p90, missed } of rows) {
      const times = `${clock(median)} / ${clock(p90)}`;
      console.log(
        `${kind.padEnd(15)} ${defect.padEnd(17)} ${policy.padEnd(36)} ${times.padStart(15)}  missed ${missed}`,
      );
    }
    return rows;
  });
}

function measureSpeed(): readonly Speed[] {
  const rows = speeds(15);
  for (const { what, points, microseconds, perSecond } of rows) {
    console.log(
      `${what.padEnd(28)} ${String(points).padStart(6)} points ${String(microseconds).padStart(9)} us ${String(perSecond).padStart(7)}/s`,
    );
  }
  return rows;
}

if (horizons.length !== 5) throw new Error('The table is headed for five horizons');
