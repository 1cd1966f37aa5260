import { describe, expect, it } from 'vitest';
import type { Judgement } from '#core/analysis/verdict.ts';
import type { Actor } from '#core/people.ts';
import type { Plan } from '#core/plan.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { checkHistory, factsIn } from './check.ts';
import { type History, type HistoryEffect, type Invariant, wayBack } from './history.ts';

const person = (name: string): Actor => ({
  person: name,
  account: { platform: 'console', tenant: 'console', user: name },
  displayName: name,
});
const bits = (version: string) => ({ service: 'shop', version, digest: `sha256:${version}` });
const shift = { kind: 'shift', wave: 0, target: 'prod', weight: 20, deadlineSeconds: 9 } as const;
const plan: Plan = {
  format: 1,
  rollout: 'shop-1',
  intent: 'deploy',
  service: 'shop',
  environment: 'production',
  production: true,
  artifact: bits('v2'),
  previous: bits('v1'),
  targets: [{ target: 'prod', adapter: 'file', identity: 'one', stable: bits('v1'), wave: 0 }],
  strategy: 'canary',
  steps: [shift],
  gates: [{ gate: 'approval', options: { role: 'approver', quorum: 1 } }],
  pointsOfNoReturn: [],
  rollbackPlan: [],
  expectedSeconds: 1,
  detectSeconds: null,
  lint: [],
  autoRollback: true,
  rollbackCountdownSeconds: 0,
  policyDigest: 'p',
  requester: person('ada'),
  reason: '',
  breakGlass: false,
  madeAt: 2,
  notAfter: 100_000,
  nonce: 'n',
};
const judged = (phase: Judgement['phase']): RolloutEvent => ({
  kind: 'analysis.judged',
  step: 0,
  judgement: { look: 1, phase, action: 'go_on', metrics: [], summary: '' },
  samples: '',
  samplesHash: '',
});
const requested: RolloutEvent = {
  kind: 'rollout.requested',
  rollout: 'shop-1',
  intent: 'deploy',
  service: 'shop',
  environment: 'production',
  artifact: bits('v2'),
  requester: person('ada'),
  reason: '',
  breakGlass: false,
  origin: null,
};
const approval = (by: string, expiresAt = 90_000): RolloutEvent => ({
  kind: 'approval.given',
  by: person(by),
  hash: 'h',
  role: 'approver',
  method: 'chat',
  comment: '',
  evidence: [],
  expiresAt,
});
const good: readonly RolloutEvent[] = [
  requested,
  { kind: 'plan.made', plan, hash: 'h' },
  approval('grace'),
  { kind: 'rollout.started' },
  { kind: 'step.started', step: 0, attempt: 1 },
  judged('successful'),
  { kind: 'step.finished', step: 0, note: '' },
  { kind: 'rollout.succeeded', artifact: bits('v2') },
];

/** Events a second apart, from the first second on. */
const recorded = (events: readonly RolloutEvent[], rollout = 'shop-1', from = 0) =>
  events.map((event, index) => ({
    seq: from + index + 1,
    at: (from + index + 1) * 1000,
    rollout,
    version: index + 1,
    event,
  }));
const effect = (fields: Partial<HistoryEffect['stamp']> = {}, at = 5500): HistoryEffect => ({
  at,
  target: 'prod',
  change: { kind: 'shift', weight: 20 },
  stamp: { rollout: 'shop-1', planHash: 'h', step: 0, fence: 3, ...fields },
});
const whole: History = {
  events: recorded(good),
  effects: [effect()],
  messages: [{ key: 'rollout:shop-1:console:console:releases:card.0', text: 'v2 is live' }],
  answers: [{ at: 1500, rollout: 'shop-1' }],
  outages: [],
  audit: 'intact',
  written: ['asked by ada'],
  secrets: ['sbx_secret'],
};
const back: readonly RolloutEvent[] = [
  ...good.slice(0, 5),
  { kind: 'abort.begun', cause: { kind: 'verdict', detail: '' }, by: person('signalbox') },
  { kind: 'rollout.rolled_back', to: bits('v1') },
];
const backHistory: History = {
  ...whole,
  events: recorded(back),
  effects: [effect(), effect({ step: wayBack, fence: 4 }, 6500)],
  messages: [{ key: 'rollout:shop-1:x:card.0', text: 'Rolled back to v1' }],
};
const without = (kind: RolloutEvent['kind']) => recorded(good.filter((one) => one.kind !== kind));
const replaced = (kind: RolloutEvent['kind'], event: RolloutEvent) =>
  recorded(good.map((one) => (one.kind === kind ? event : one)));

it('finds nothing in a release that went well, nor in one that went back', () => {
  expect(checkHistory(whole)).toEqual([]);
  expect(checkHistory(backHistory)).toEqual([]);
});

it('tells how much there was to check', () => {
  const none = { I4: 0, I10: 0, I12: 0 };
  const found = Object.entries(factsIn(whole)).filter(([, facts]) => facts === 0);
  expect(Object.fromEntries(found)).toEqual(none);
  const outage = { of: 'target', from: 1, to: 2 } as const;
  expect(factsIn({ ...backHistory, outages: [outage] })).toMatchObject({ I4: 1, I10: 1, I12: 1 });
});

const broken: readonly (readonly [Invariant, string, Partial<History>])[] = [
  ['I1', 'an effect that nobody approved', { events: without('approval.given') }],
  [
    'I1',
    'one that only the requester approved',
    { events: replaced('approval.given', approval('ada')) },
  ],
  [
    'I1',
    'one whose approval had run out before it began',
    { events: replaced('approval.given', approval('grace', 3000)) },
  ],
  ['I1', 'one under another plan', { effects: [effect({ planHash: 'other' })] }],
  ['I1', 'one before its approval', { effects: [effect({}, 2500)] }],
  ['I2', 'an effect made twice', { effects: [effect(), effect({ fence: 4 })] }],
  [
    'I3',
    'two releases at work in one place',
    {
      events: [...recorded(good.slice(0, 5)), ...recorded(good, 'shop-2', 5)],
    },
  ],
  ['I4', 'a fence that falls', { effects: [effect(), effect({ step: wayBack, fence: 2 })] }],
  [
    'I4',
    'a writer that was overtaken',
    { effects: [effect(), effect({ rollout: 'shop-2' }), effect({ step: wayBack })] },
  ],
  ['I5', 'an end with a way out', { events: recorded([...good, { kind: 'rollout.started' }]) }],
  ['I5', 'a step nobody began', { events: without('step.started') }],
  ['I5', 'a missing event', { events: whole.events.filter(({ seq }) => seq !== 6) }],
  [
    'I5',
    'a success on the way back',
    { events: recorded([...back.slice(0, 6), ...good.slice(7)]) },
  ],
  ['I6', 'a release that hangs', { events: recorded(good.slice(0, 7)) }],
  ['I7', 'a history that was altered', { audit: 'broken' }],
  ['I7', 'an effect before its record', { effects: [effect({}, 4500)] }],
  ['I7', 'an effect without a result', { events: without('step.finished') }],
  ['I8', 'an end that nobody was told', { messages: [] }],
  ['I8', 'a message posted twice', { messages: [...whole.messages, ...whole.messages] }],
  ['I8', 'a success that the ledger denies', { ...backHistory, messages: whole.messages }],
  ['I9', 'a secret in a log', { written: ['token sbx_secret'] }],
  [
    'I10',
    'a way back to bits that never ran',
    {
      ...backHistory,
      events: recorded([...back.slice(0, 6), { kind: 'rollout.rolled_back', to: bits('v9') }]),
    },
  ],
  ['I11', 'a promise without a record', { answers: [{ at: 50_000, rollout: 'shop-7' }] }],
  ['I11', 'a promise before its record', { answers: [{ at: 500, rollout: 'shop-1' }] }],
  ['I12', 'a promise without a database', { outages: [{ of: 'store', from: 1100, to: 2000 }] }],
  ['I12', 'a verdict without metrics', { outages: [{ of: 'metrics', from: 5100, to: 6900 }] }],
  ['I12', 'a success without the target', { outages: [{ of: 'target', from: 7100, to: 9900 }] }],
];

describe('finds what breaks', () => {
  it.each(broken)('%s: %s', (invariant, _, change) => {
    const found = checkHistory({ ...whole, ...change }).map((one) => one.invariant);
    expect(found).toContain(invariant);
  });

  it('each of the twelve', () => {
    expect(new Set(broken.map(([invariant]) => invariant)).size).toBe(12);
  });
});
