/** Positions [from, to) of a series. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/**
 * The stretch of the series with the largest sum (`side` 1) or the smallest (-1), as long as the
 * square root of the series divided by `part`: for 2, one interval of up to four, two of sixteen,
 * three of thirty-six, fifteen of nine hundred. Evidence is counted without it, so no single blip,
 * burst or excursion of a slow drift carries a verdict, while a steady defect loses little.
 */
export function mostTelling(values: ArrayLike<number>, side: 1 | -1, part = 2): Stretch {
  const length = Math.min(values.length, Math.ceil(Math.sqrt(values.length) / part));
  let sum = 0;
  for (let i = 0; i < length; i++) sum += side * (values[i] ?? 0);
  let best = sum;
  let from = 0;
  for (let i = length; i < values.length; i++) {
    sum += side * ((values[i] ?? 0) - (values[i - length] ?? 0));
    if (sum <= best) continue;
    best = sum;
    from = i - length + 1;
  }
  return { from, to: from + length };
}
