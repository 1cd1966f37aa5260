/** Marks along an axis, at values that people count in. */
export interface Ticks {
  readonly step: number;
  readonly max: number;
}

/** At most `most` steps from zero (or below) that cover `high`, none smaller than `least`; `base` is 1024 for bytes. */
export function valueTicks(
  low: number,
  high: number,
  most: number,
  base: 1000 | 1024,
  least = 0,
): Ticks {
  const span = high - Math.min(0, low);
  if (span <= 0) return { step: 1, max: 1 };
  let unit = 1;
  while (span / most >= unit * base) unit *= base;
  const rough = span / most / unit;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5].find((one) => one * power >= rough - 1e-12) ?? 10;
  const step = Math.max(least, factor * power * unit);
  return { step, max: Math.ceil(high / step - 1e-9) * step };
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const timeSteps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12, 24, 48, 168].map((count) => count * hour),
];

/** At most `most` round instants strictly inside the span, epoch milliseconds. */
export function timeTicks(from: number, to: number, most: number): readonly number[] {
  const step = timeSteps.find((candidate) => (to - from) / candidate <= most) ?? 720 * hour;
  const ticks: number[] = [];
  const margin = (to - from) * 0.03;
  for (let at = Math.ceil(from / step) * step; at < to; at += step) {
    if (at - from >= margin && to - at >= margin) ticks.push(at);
  }
  return ticks;
}
