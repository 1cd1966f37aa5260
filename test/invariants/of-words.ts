import {
  byRollout,
  clockToleranceMs,
  endingOf,
  type History,
  type HistoryOutage,
  type Violation,
} from './history.ts';

type Found = readonly Violation[];

/** What a card says at the end of a release. */
const finalWords = {
  succeeded: 'is live',
  rolled_back: 'Rolled back',
  cancelled: 'Cancelled',
  expired: 'Expired',
  superseded: 'Superseded',
} as const;

/** I8: each end is told, told once, and told only when the ledger says so. */
export function told(history: History): Found {
  const found: Violation[] = [];
  const keys = new Set<string>();
  for (const { key } of history.messages) {
    if (keys.has(key)) found.push({ invariant: 'I8', what: `${key} was posted twice` });
    keys.add(key);
  }
  for (const [rollout, events] of byRollout(history)) {
    const end = events.map(({ event }) => endingOf(event)).find((one) => one !== null);
    const own = history.messages.filter(({ key }) => key.startsWith(`rollout:${rollout}:`));
    if (end !== undefined && end !== null) {
      const words = finalWords[end];
      if (!own.some(({ text }) => text.includes(words))) {
        found.push({ invariant: 'I8', what: `nothing says that ${rollout} is ${end}` });
      }
    }
    if (end !== 'succeeded' && own.some(({ text }) => text.includes(finalWords.succeeded))) {
      found.push({ invariant: 'I8', what: `chat says that ${rollout} succeeded` });
    }
  }
  return found;
}

/** I9: no secret stands anywhere. */
export function discreet(history: History): Found {
  return history.secrets
    .filter((secret) => history.written.some((text) => text.includes(secret)))
    .map((secret) => ({ invariant: 'I9', what: `the secret ${secret.slice(0, 4)}… was written` }));
}

/** I11: what was promised to somebody was recorded before. */
export function durable(history: History): Found {
  const rollouts = byRollout(history);
  return history.answers.flatMap(({ at, rollout }): Found => {
    if (rollout === null) return [];
    const first = rollouts.get(rollout)?.[0];
    return first !== undefined && first.at <= at + clockToleranceMs
      ? []
      : [{ invariant: 'I11', what: `${rollout} was promised and not recorded` }];
  });
}

/** I12: what cannot be reached is waited for or refused, and never taken for a yes. */
export function cautious(history: History): Found {
  return history.outages.flatMap((outage) =>
    takenForYes(history, outage).map((what): Violation => ({ invariant: 'I12', what })),
  );
}

function takenForYes(
  { answers, effects, events }: History,
  { of, from, to }: HistoryOutage,
): readonly string[] {
  const within = ({ at }: { readonly at: number }): boolean => at > from && at < to;
  switch (of) {
    case 'store': {
      const promised = answers.filter((one) => within(one) && one.rollout !== null);
      const done = effects.filter(within).map(({ stamp }) => stamp.rollout);
      return [...promised.map(({ rollout }) => `${rollout} was promised`), ...done];
    }
    case 'target':
      return events
        .filter((one) => within(one) && one.event.kind === 'rollout.succeeded')
        .map(({ rollout }) => `${rollout} succeeded without its target`);
    case 'metrics':
      return events
        .filter(({ event }) => event.kind === 'analysis.judged')
        .filter(within)
        .filter(({ event }) => 'judgement' in event && event.judgement.phase === 'successful')
        .map(({ rollout }) => `${rollout} was judged without metrics`);
  }
}
