import { describe, expect, it } from 'vitest';
import { Analysis } from '#core/analysis/metric.ts';
import { approvalRequest } from '#core/cards/approval-request.ts';
import { boardView } from '#core/cards/board-view.ts';
import { historyView } from '#core/cards/history-view.ts';
import { metricsView } from '#core/cards/metrics-view.ts';
import { noteFor } from '#core/cards/milestone.ts';
import { planView } from '#core/cards/plan-view.ts';
import { refusalView } from '#core/cards/refusal-view.ts';
import { releaseCard } from '#core/cards/release-card.ts';
import { toldLook } from '#core/cards/told-look.ts';
import type { View } from '#core/message.ts';
import { viewText } from '#core/message-text.ts';
import { refusal } from '#core/refusal.ts';
import type { RolloutEvent } from '#core/rollout/events.ts';
import { evolve } from '#core/rollout/evolve.ts';
import { ended, type RolloutState } from '#core/rollout/state.ts';
import {
  artifact,
  hash,
  judgement,
  metric,
  outcome,
  person,
  plan,
  start,
  states,
} from './a-rollout.ts';

const context = {
  now: start + 50_000,
  tokenOf: ({ command }: { command: string }) => `t-${command}`,
  consoleUrl: 'https://signalbox.example',
  command: 'release',
};
const shown = (view: View | null) =>
  view === null ? '' : viewText(view, { width: 100, now: context.now });

describe('the release card', () => {
  it.each(Object.entries(states))('%s says where it stands in one line', (_, state) => {
    const view = releaseCard(state, context);
    expect(view.title).toBe('shop v2 → production');
    expect(view.summary.startsWith('shop v2 → production: ')).toBe(true);
    expect(view.summary).not.toContain('\n');
    expect(shown(view)).not.toMatch(/undefined|null|\[object|NaN/);
  });

  it('is the same wording for the same state, whenever it is asked', () => {
    for (const state of Object.values(states)) {
      const later = { ...context, now: context.now + 3_600_000 };
      expect(releaseCard(state, later)).toEqual(releaseCard(state, context));
    }
  });

  it('has no buttons at the end, but for the way back from what went live', () => {
    for (const state of Object.values(states).filter(({ phase }) => ended(phase))) {
      const buttons = releaseCard(state, context).blocks.some(({ kind }) => kind === 'buttons');
      expect([state.phase, buttons]).toEqual([state.phase, state.phase === 'succeeded']);
    }
  });

  it('says of each metric which rises a plan would show when, the hidden ones at once', () => {
    const rises = (metric: string, ...seconds: readonly (number | null)[]) =>
      seconds.map((one, at) => ({ metric, risePercent: [10, 50, 100][at] ?? 0, seconds: one }));
    const detection = [
      ...rises('errors', null, null, null),
      ...rises('latency', null, 30, 15),
      ...rises('rate', 60, 30, 15),
    ];
    const text = shown(planView({ ...plan(), detection }, hash, []));
    expect(text).toContain('errors: a rise of +100 % or less does not show in these steps.');
    expect(text).toContain(
      'latency: a rise shows: +50 % in 30s, +100 % in 15s; a rise of +10 % or less does not show in',
    );
    expect(text).toContain('rate: a rise shows: +10 % in 1m, +50 % in 30s, +100 % in 15s.');
  });

  it('says why a release ended that nobody finished', () => {
    const end = (event: RolloutEvent) =>
      shown(
        releaseCard(evolve(states.waiting, { at: start, actor: person('Ada'), event }), context),
      );
    const by = person('Ada');
    expect(end({ kind: 'rollout.superseded', by: 'shop-13' })).toContain(
      'Superseded. Its place was taken by shop-13.',
    );
    expect(end({ kind: 'rollout.cancelled', by, reason: 'wrong version' })).toContain(
      'Cancelled. By Ada: wrong version.',
    );
    expect(end({ kind: 'rollout.cancelled', by, reason: 'Ada asked for it' })).toContain(
      'Cancelled. Ada asked for it.',
    );
  });

  it('tells what comes of a look only while that is still to come', () => {
    const next = (state: RolloutState) => toldLook(state)?.next;
    const { progressing } = states;
    expect(next(progressing)).toBe('Next: it goes on.');
    for (const phase of ['succeeded', 'rolled_back', 'aborting', 'paused', 'stuck'] as const) {
      expect([phase, next({ ...progressing, phase })]).toEqual([phase, null]);
    }
    expect(next({ ...progressing, step: progressing.step + 1 })).toBeNull();
  });

  it('announces a rollback with the time, the cause and a button to stop it', () => {
    const text = shown(releaseCard(states.countdown, context));
    expect(text).toContain('Rollback to v1 announced');
    expect(text).toContain('in 10s, at 14:01:00 UTC');
    expect(text).toContain('Errors are worse: 4.1 % against 0.4 %.');
    expect(text).toContain('[ Stop rollback ]');
  });

  it('stays short enough for a phone', () => {
    for (const state of Object.values(states)) {
      expect(shown(releaseCard(state, context)).split('\n').length).toBeLessThanOrEqual(28);
    }
  });
});

describe('notes in the thread', () => {
  const by = person('Bob');
  it.each<[RolloutEvent, string]>([
    [
      {
        kind: 'approval.given',
        by,
        hash,
        role: 'approver',
        method: 'chat',
        comment: '',
        evidence: [],
        expiresAt: 0,
      },
      'Bob approved v2 as approver.',
    ],
    [
      { kind: 'approval.denied', by, hash, comment: 'not before the sale' },
      'Bob denied v2: not before the sale.',
    ],
    [
      { kind: 'weight.shifted', target: 'eu-1', weight: 50 },
      'v2 now has 50 % of traffic in production.',
    ],
    [{ kind: 'hold.advanced', step: 3, by, reason: '' }, 'Bob advanced v2.'],
    [
      { kind: 'rollback.stopped', by, reason: 'known noise' },
      'Bob stopped the rollback: known noise.',
    ],
    [{ kind: 'rollout.stuck', because: 'nobody owns it' }, 'A person is needed: nobody owns it.'],
    [{ kind: 'rollout.rolled_back', to: artifact('v1') }, 'production is back on v1, after 1s.'],
    [
      { kind: 'override.used', by, reason: 'incident 4711', gates: ['approval'] },
      'Break-glass by Bob past approval: incident 4711. A second person must review it.',
    ],
  ])('%j', (event, expected) => {
    expect(noteFor(event, states.rolledBack)?.summary).toBe(expected);
  });

  it.each<RolloutEvent>([
    { kind: 'gates.evaluated', step: 0, verb: 'start', outcomes: [outcome('lock', 'pass')] },
    { kind: 'step.started', step: 0, attempt: 1 },
    { kind: 'step.noted', step: 0, note: '1 of 2 ready' },
    { kind: 'step.finished', step: 1, note: '' },
    { kind: 'analysis.judged', step: 2, judgement: judgement(1), samples: 's', samplesHash: 'h' },
  ])('says nothing of %j: the card does', (event) => {
    expect(noteFor(event, states.progressing)).toBeNull();
  });

  it('tells a verdict that turns the release back, with the numbers', () => {
    const worse = judgement(3, {
      action: 'roll_back',
      summary: 'errors are worse.',
      metrics: [metric('errors', { verdict: 'worse', explanation: '4.1 % against 0.4 %.' })],
    });
    const event = {
      kind: 'analysis.judged',
      step: 2,
      judgement: worse,
      samples: 's',
      samplesHash: 'h',
    } as const;
    const note = noteFor(event, states.countdown);
    expect(note?.tone).toBe('danger');
    expect(shown(note)).toContain('errors: 4.1 % against 0.4 %.');
  });
});

describe('the metrics of a canary', () => {
  const analysis = Analysis.parse({
    source: 'demo',
    metrics: [
      { name: 'errors', type: 'ratio', critical: true, limit: 0.05 },
      { name: 'p95', type: 'latency', unit: 'milliseconds' },
    ],
  });

  it('draws stable beside candidate, the worst first, in units that people read', () => {
    const view = metricsView(states.countdown, analysis);
    const charts = view?.blocks.flatMap((block) => (block.kind === 'chart' ? [block.chart] : []));
    expect(charts?.map(({ title, unit }) => [title, unit])).toEqual([
      ['errors', 'percent'],
      ['p95', 'milliseconds'],
    ]);
    expect(charts?.[0]?.series.map(({ name, side }) => [name, side])).toEqual([
      ['v1', 'stable'],
      ['v2', 'candidate'],
    ]);
    expect(charts?.[0]?.series[1]?.points.at(-1)?.value).toBeCloseTo(4.1);
    expect(charts?.[0]?.limit?.value).toBeCloseTo(5);
    expect(shown(view)).toContain('WORSE');
    expect(shown(view)).toContain('4.1 %');
  });

  it('says nothing before the first look', () => {
    expect(metricsView(states.waiting, analysis)).toBeNull();
  });
});

describe('what approvers are asked', () => {
  it('shows the risk beside the buttons', () => {
    const text = shown(approvalRequest(states.waiting, context));
    for (const part of ['Ada', 'v1', 'v2', '15m', 'Way back', '[ Approve v2 for production ]']) {
      expect(text).toContain(part);
    }
  });

  it('keeps no buttons once it is decided', () => {
    const view = approvalRequest(states.progressing, context);
    expect(view?.blocks.some(({ kind }) => kind === 'buttons')).toBe(false);
  });
});

describe('other answers', () => {
  it('a plan names its points of no return', () => {
    const text = shown(planView(plan({ pointsOfNoReturn: [6] }), hash, []));
    expect(text).toContain('7. Make v2 stable — no way back after this');
    expect(text).toContain('Nothing was done.');
  });

  it('a board shows first what needs a person', () => {
    const view = boardView([states.promoting, states.waiting, states.countdown]);
    const table = view.blocks.find((block) => block.kind === 'table');
    expect(table?.rows.map((row) => JSON.stringify(row.at(-1)))).toEqual([
      expect.stringContaining('Rollback to v1 announced'),
      expect.stringContaining('Waiting for approval'),
      expect.stringContaining('Make v2 stable'),
    ]);
    expect(view.summary).toBe('3 releases on the way, 2 waiting for a person');
  });

  it('a refusal says what was wrong, what to do, and its code', () => {
    const text = shown(refusalView(refusal('lock.held', 'Bob holds it.', 'Ask Bob.')));
    expect(text).toBe('▲ Not done\nBob holds it.\nAsk Bob.\nlock.held');
  });

  it('a history tells how each ended, and that there is none', () => {
    expect(shown(historyView(Object.values(states), 'shop'))).toContain('Rolled back to v1');
    expect(shown(historyView([], 'shop'))).toContain('Nothing was released yet: shop.');
  });
});
