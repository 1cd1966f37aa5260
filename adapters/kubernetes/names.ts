/** Written as the manager of every field that we own. */
export const fieldManager = 'signalbox';

export const annotations = {
  /** Set by people: `<service>/<environment>` may be released here. Nothing is touched without. */
  allow: 'signalbox.dev/release',
  /** What should run, as JSON: one write of it is one change. */
  state: 'signalbox.dev/state',
  /** Grows with every writer: an older one is refused by the admission policy. */
  fence: 'signalbox.dev/fence',
  rollout: 'signalbox.dev/rollout',
  plan: 'signalbox.dev/plan',
  version: 'signalbox.dev/version',
  /** The weight as we wrote it last: another one in force is drift. */
  weight: 'signalbox.dev/weight',
  /** When the weight was last written, in epoch milliseconds. */
  shifted: 'signalbox.dev/shifted-at',
} as const;

export const labels = {
  /** `candidate` or `baseline`, on pods that we brought up. */
  side: 'signalbox.dev/side',
  /** Name of the Deployment beside which they run. */
  beside: 'signalbox.dev/beside',
  job: 'signalbox.dev/job',
} as const;

/** A condition that keeps a ready pod out of its Service until it holds. */
export const trafficGate = 'signalbox.dev/traffic';

/** What we bring up beside a Deployment. */
export function candidateName(deployment: string): string {
  return `${deployment.slice(0, 52)}-candidate`;
}

export function baselineName(deployment: string): string {
  return `${deployment.slice(0, 53)}-baseline`;
}
