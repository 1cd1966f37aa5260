/** What traffic is expected to look like, for telling beforehand what can be seen. */
export interface ExpectedTraffic {
  readonly requestsPerSecond: number;
  /** Share of stable's requests that fail; events per request for counts. */
  readonly badShare: number;
  /** How much a gauge or a p95 moves from interval to interval: standard deviation over mean. */
  readonly spread: number;
}
