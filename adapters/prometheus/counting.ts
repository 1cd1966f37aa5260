/** How far back a counter's last value counts when scrapes of it failed. */
const lookBack = '5m';

/** A counter that was not seen for so long before is taken for a new one, which began at zero. */
const memory = '1h';

/**
 * PromQL for how often each counter of a selector rose in the window that ends at the evaluation,
 * exactly as it was scraped: whole numbers that add up over windows side by side. `increase`
 * extrapolates to the window's edges, loses what happens between the last scrape of one window and
 * the first of the next, and does not count the value with which a counter appears, which for the
 * errors of a new version is most of them.
 *
 * In turn: counters that went on; counters that began again (a restart), by their new value; and
 * counters that were not there before, by their first. A failed scrape changes nothing: the last
 * value stands in for it.
 */
export function rises(selector: string): string {
  const now = `last_over_time(${selector}[${lookBack}])`;
  const before = `last_over_time(${selector}[${lookBack}] offset {{window}})`;
  const seen = `present_over_time(${selector}[${memory}] offset {{window}})`;
  return `((${now} - ${before}) >= 0 or ${now} < ${before} or ${now} unless ${seen})`;
}

/** How often they rose together. */
export function totalRise(selector: string): string {
  return `sum(${rises(selector)})`;
}

/** Requests by bucket of latency. */
export function bucketRises(selector: string): string {
  return `sum by (le) (${rises(selector)})`;
}
