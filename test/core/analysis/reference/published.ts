/**
 * Critical values of the Mann-Whitney U, two-sided at 5 %, equal sample sizes (Mann and Whitney 1947;
 * Milton 1964, "An extended table of critical values for the Mann-Whitney two-sample statistic",
 * JASA 59): U at most this is significant, one more is not.
 */
export const criticalU = [
  { n: 10, u: 23 },
  { n: 12, u: 37 },
  { n: 15, u: 64 },
  { n: 20, u: 127 },
] as const;

/**
 * The lady tasting tea (Fisher 1935, "The Design of Experiments", chapter 2): with 4 of 8 cups to
 * find, 3 or more right by chance 17 times in 70, all 4 once in 70.
 */
export const tea = { cups: 8, milkFirst: 4, threeOrMore: 17 / 70, all: 1 / 70 } as const;

/**
 * Burn rate, long window in hours, and the part of a 30-day budget that it spends in that window:
 * Google SRE workbook, chapter 5, recommended windows; the third row as Sloth adds it.
 */
export const burnTable = [
  { factor: 14.4, hours: 1, spends: 0.02 },
  { factor: 6, hours: 6, spends: 0.05 },
  { factor: 3, hours: 24, spends: 0.1 },
  { factor: 1, hours: 72, spends: 0.1 },
] as const;
