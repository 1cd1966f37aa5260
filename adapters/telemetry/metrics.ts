/** One metric: what it means, its labels with all they may hold in mind, and its kind. */
export interface MetricDeclaration {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels?: readonly string[];
  /** Upper bounds in seconds, for a histogram. */
  readonly buckets?: readonly number[];
}

const quick = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;
const slow = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 45, 90, 180] as const;

/**
 * Every metric of Signalbox, by the name that code uses; people see it with `signalbox_` before it.
 * Labels hold words of closed lists and names of the settings, never ids or texts of people.
 */
export const metrics = {
  commands_accepted: { kind: 'counter', help: 'Commands that were carried out.' },
  commands_refused: {
    kind: 'counter',
    help: 'Commands that were refused, by the code of the refusal.',
    labels: ['code'],
  },
  command_seconds: {
    kind: 'histogram',
    help: 'Time from receiving a command to its durable acknowledgement.',
    buckets: quick,
  },
  rollouts: { kind: 'gauge', help: 'Rollouts that have not ended.', labels: ['phase'] },
  rollouts_ended_total: {
    kind: 'counter',
    help: 'Rollouts that ended.',
    labels: ['service', 'environment', 'phase'],
  },
  rollout_works_total: {
    kind: 'counter',
    help: 'Pieces of work done on rollouts.',
    labels: ['work'],
  },
  step_seconds: {
    kind: 'histogram',
    help: 'Time that one handling of a rollout took.',
    labels: ['kind'],
    buckets: slow,
  },
  advance_failures_total: {
    kind: 'counter',
    help: 'Handlings of a rollout that met a fault.',
    labels: ['code'],
  },
  reconciled_total: { kind: 'counter', help: 'Wakes that the reconciler had to ask for again.' },
  gate_verdicts_total: {
    kind: 'counter',
    help: 'Answers of gates.',
    labels: ['gate', 'verdict'],
  },
  verdicts_total: {
    kind: 'counter',
    help: 'Judgements of canaries by what they led to.',
    labels: ['action'],
  },
  judge_false_alarms: {
    kind: 'gauge',
    help: 'Share of analyses without harm that the judge would have turned back, as measured on stored samples.',
    labels: ['service', 'method'],
  },
  judge_false_alarms_at_most: {
    kind: 'gauge',
    help: 'The highest such share that is plausible at 95 % after so many.',
    labels: ['service', 'method'],
  },
  readings_total: {
    kind: 'counter',
    help: 'Answers of metrics sources, by what class of data they were.',
    labels: ['source', 'class'],
  },
  delivery_lag_seconds: {
    kind: 'histogram',
    help: 'Time from a message being wanted to its being delivered.',
    labels: ['urgency'],
    buckets: slow,
  },
  deliveries_total: {
    kind: 'counter',
    help: 'Calls to chat platforms.',
    labels: ['platform', 'outcome'],
  },
  rate_limited_total: {
    kind: 'counter',
    help: 'Calls that a platform refused for their number (429).',
    labels: ['platform'],
  },
  deliveries_coalesced_total: {
    kind: 'counter',
    help: 'Wordings that were overtaken by newer ones before they were sent.',
    labels: ['platform'],
  },
  delivery_budget_left: {
    kind: 'gauge',
    help: 'How full the emptiest rate budget is, 0 to 1.',
    labels: ['platform'],
  },
  deliveries_waiting: { kind: 'gauge', help: 'Messages not yet delivered.', labels: ['urgency'] },
  queue_wakes_total: {
    kind: 'counter',
    help: 'Wakes by what became of them: asked, handled, threw, lease_lost.',
    labels: ['topic', 'outcome'],
  },
  queue_up: { kind: 'gauge', help: '1 while the queue answers.' },
  store_up: { kind: 'gauge', help: '1 while the database answers.' },
  alert_notices_total: {
    kind: 'counter',
    help: 'Notices of alerts that were taken in, and whether they said anything new.',
    labels: ['source', 'news'],
  },
  alerts_firing: { kind: 'gauge', help: 'Groups of alerts that fire.' },
  alert_refusals_total: {
    kind: 'counter',
    help: 'Requests of alert webhooks that were refused, by the code of the refusal.',
    labels: ['source', 'code'],
  },
  figure: {
    kind: 'gauge',
    help: 'Figures of the last 30 days (docs/figures.md): times in seconds, shares from 0 to 1; NaN where there is nothing to measure.',
    labels: ['figure'],
  },
  ledger_events: { kind: 'gauge', help: 'Events in the ledger.' },
  clock_skew_seconds: {
    kind: 'gauge',
    help: "This machine's clock minus the database's.",
  },
  event_loop_lag_seconds: {
    kind: 'gauge',
    help: 'Delay of the event loop over the last while, 99th percentile.',
  },
} as const satisfies Readonly<Record<string, MetricDeclaration>>;
