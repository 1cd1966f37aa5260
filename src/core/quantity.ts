import type { Chart } from './message.ts';

/** Units of measured values. `percent` counts points: 1 is one per cent. */
export type Unit = Chart['unit'];

/**
 * Writes a measured value as people read it: about three significant digits and its unit, with a
 * thin form for large counts (`12.3k`) and binary prefixes for bytes.
 */
export function formatQuantity(value: number, unit: Unit): string {
  switch (unit) {
    case 'percent':
      return `${digits(value)} %`;
    case 'milliseconds':
      return Math.abs(value) >= 10_000 ? `${digits(value / 1000)} s` : `${digits(value)} ms`;
    case 'seconds':
      return Math.abs(value) < 1 ? `${digits(value * 1000)} ms` : `${digits(value)} s`;
    case 'perSecond':
      return `${scaled(value, 1000, ['', 'k', 'M', 'G'])}/s`;
    case 'bytes':
      return scaled(value, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']);
    case 'count':
    case 'number':
      return scaled(value, 1000, ['', 'k', 'M', 'G']);
  }
}

/** A relative change with its sign: `+24 %`, `-3.1 %`; a factor from ten times up: `×12`. */
export function formatChange(relative: number): string {
  if (relative >= 9) return `×${digits(relative + 1)}`;
  const percent = digits(relative * 100);
  if (percent === '0') return '±0 %';
  return relative > 0 ? `+${percent} %` : `−${percent.slice(1)} %`;
}

function scaled(value: number, base: number, suffixes: readonly string[]): string {
  let rest = value;
  let step = 0;
  while (Math.abs(rest) >= base && step < suffixes.length - 1) {
    rest /= base;
    step += 1;
  }
  return `${digits(rest)}${suffixes[step] ?? ''}`;
}

/** Three significant digits, at most three places, no trailing zeros. */
function digits(value: number): string {
  const size = Math.abs(value);
  const places = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const text = value.toFixed(places);
  const trimmed = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return trimmed === '-0' ? '0' : trimmed;
}
