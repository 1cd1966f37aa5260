const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * Values as a row of bars between `low` and `high`, newest at the right. More values than `columns`
 * are merged, each column showing its largest: a peak must not vanish.
 */
export function sparkline(
  values: readonly number[],
  low: number,
  high: number,
  columns: number,
): string {
  const span = high - low;
  return merged(values, columns)
    .map((value) => {
      const share = span <= 0 ? 0 : (value - low) / span;
      const level = Math.max(0, Math.min(levels.length - 1, Math.floor(share * levels.length)));
      return levels[level] ?? levels[0];
    })
    .join('');
}

function merged(values: readonly number[], columns: number): readonly number[] {
  if (values.length <= columns) return values;
  return Array.from({ length: columns }, (_, index) => {
    const from = Math.floor((index * values.length) / columns);
    const to = Math.floor(((index + 1) * values.length) / columns);
    return Math.max(...values.slice(from, Math.max(to, from + 1)));
  });
}

/** A horizontal bar of `columns` characters, filled by `percent`. */
export function bar(percent: number, columns: number): string {
  const share = Math.max(0, Math.min(100, percent)) / 100;
  const filled = Math.round(share * columns);
  const shown =
    percent > 0 && filled === 0 ? 1 : percent < 100 && filled === columns ? columns - 1 : filled;
  return '█'.repeat(shown) + '░'.repeat(columns - shown);
}
