/**
 * Mixtures of likelihood ratios, kept as logarithms.
 *
 * A non-negative supermartingale that starts at one (an e-process) exceeds 1/alpha at any time with
 * chance at most alpha (Ville 1939), and so does any average of such processes fixed beforehand:
 * the method of mixtures (Robbins 1970, "Statistical methods related to the law of the iterated
 * logarithm"; Howard, Ramdas, McAuliffe, Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic
 * confidence sequences"). That is why every look may be acted upon.
 */
export function logMean(logs: ArrayLike<number>): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logs.length; i++) top = Math.max(top, logs[i] ?? top);
  if (top === Number.NEGATIVE_INFINITY) return top;
  let sum = 0;
  for (let i = 0; i < logs.length; i++) sum += Math.exp((logs[i] ?? top) - top);
  return top + Math.log(sum / logs.length);
}
