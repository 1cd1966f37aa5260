/** The middle value; the mean of the two in the middle; null without any. */
export function median(values: readonly number[]): number | null {
  return quantile(values, 0.5);
}

/** The value below which the share `q` of the values lies, linear between neighbours; null without any. */
export function quantile(values: readonly number[], q: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}
