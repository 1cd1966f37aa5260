import { describe, expect, it } from 'vitest';
import { actionsFor } from '#core/cards/actions.ts';
import {
  afterEvents,
  asked,
  begun,
  hash,
  plan,
  planned,
  start,
  states,
  through,
} from './a-rollout.ts';

const now = start + 60_000;
const labels = (state: Parameters<typeof actionsFor>[0]) =>
  actionsFor(state, now).map(({ label }) => label);

describe('the buttons of a rollout', () => {
  it.each([
    ['planned', ['Cancel v2']],
    ['waiting', ['Approve v2 for production', 'Deny v2', 'Cancel v2']],
    ['blocked', ['Cancel v2']],
    ['progressing', ['Pause at 10 %', 'Roll back to v1']],
    ['held', ['Advance to 50 %', 'Roll back to v1']],
    ['inconclusive', ['Resume v2', 'Roll back to v1']],
    ['countdown', ['Stop rollback', 'Roll back to v1 now']],
    ['promoting', ['Pause at 50 %', 'Roll back to v1']],
    ['aborting', []],
    ['stuck', ['Try again', 'Roll back to v1']],
    ['succeeded', ['Roll back to v1']],
    ['rolledBack', []],
    ['cancelled', []],
    ['expired', []],
    ['superseded', []],
  ] as const)('%s: %j', (name, expected) => {
    expect(labels(states[name])).toEqual(expected);
  });

  it('binds decisions to the plan, and what is urgent to none', () => {
    const bound = (state: Parameters<typeof actionsFor>[0]) =>
      Object.fromEntries(actionsFor(state, now).map((one) => [one.command, one.planHash]));
    expect(bound(states.waiting)).toEqual({ approve: hash, deny: hash, abort: null });
    expect(bound(states.held)).toEqual({ advance: hash, abort: null });
    expect(bound(states.countdown)).toEqual({ 'stop-rollback': null, abort: null });
  });

  it('asks for no second click to stop a rollback, and for one before anything else changes', () => {
    for (const state of Object.values(states)) {
      for (const action of actionsFor(state, now)) {
        const guarded = action.confirm !== null || action.ask !== null;
        expect([action.command, guarded]).toEqual([
          action.command,
          action.command !== 'stop-rollback',
        ]);
      }
    }
  });

  it('keeps approving possible between a decision and the next look at the gates', () => {
    const decided = afterEvents(planned, asked, {
      kind: 'approval.revoked',
      by: states.waiting.requester,
      hash,
      because: 'left',
    });
    expect(decided.gates).toBeNull();
    expect(labels(decided)).toContain('Approve v2 for production');
  });

  it('offers no way back beyond a point of no return', () => {
    const oneWay = afterEvents(
      { kind: 'plan.made', plan: plan({ pointsOfNoReturn: [1] }), hash },
      begun,
      ...through(2),
    );
    expect(labels(oneWay)).toEqual(['Pause at 10 %']);
  });

  it('withdraws the way back from a card a week after the release', () => {
    expect(actionsFor(states.succeeded, now + 8 * 86_400_000)).toEqual([]);
  });

  it('keeps labels and dialogs within what every platform takes', () => {
    const long = 'v'.repeat(128);
    const wordy = afterEvents(
      { kind: 'plan.made', plan: plan({ artifact: { ...plan().artifact, version: long } }), hash },
      asked,
    );
    const state = { ...wordy, artifact: { ...wordy.artifact, version: long } };
    for (const { label, confirm, ask } of actionsFor(state, now)) {
      expect(label.length).toBeLessThanOrEqual(75);
      expect(confirm?.title.length ?? 0).toBeLessThanOrEqual(100);
      expect(confirm?.text.length ?? 0).toBeLessThanOrEqual(300);
      expect(confirm?.yes.length ?? 0).toBeLessThanOrEqual(30);
      expect(ask?.label.length ?? 0).toBeLessThanOrEqual(45);
    }
  });
});
