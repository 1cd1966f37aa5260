import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statsView } from '#core/cards/stats-view.ts';
import { deploymentsOf } from '#core/figures/deployments.ts';
import { figuresCsv, releasesCsv } from '#core/figures/export.ts';
import { type FigureQuestion, figuresOf } from '#core/figures/figures.ts';
import { frequencyWord, weeksOf } from '#core/figures/weeks.ts';
import { handMade, handMadeAlerts, november } from './hand-made-ledger.ts';

const question: FigureQuestion = {
  records: handMade,
  alerts: handMadeAlerts,
  window: { from: november(2), to: november(30) },
  rules: { zone: 'UTC', hotfixMs: 86_400_000 },
};

describe('the figures of a ledger made by hand', () => {
  it('are those that were worked out by hand', () => {
    expect(figuresOf(question)).toEqual({
      deployments: { value: 5, n: 5 },
      // Weeks with 2, 1, 1 and 0 days.
      deploymentDays: { value: 1, n: 5 },
      // 25 h, 2 h, 2 h; two have no provenance.
      leadTime: { value: 7200, n: 3 },
      // Rolled back, caught in canary, and the one with an alert, of six that got traffic.
      changeFailRate: { value: 0.5, n: 6 },
      // 90 min, 22 min, 75 min.
      recoveryTime: { value: 4500, n: 3 },
      // The hotfix and the rollback, of six that reached production.
      reworkRate: { value: 2 / 6, n: 6 },
      caughtBeforeTraffic: { value: 1, n: 1 },
      caughtInCanary: { value: 1, n: 1 },
      approvalTime: { value: 1200, n: 2 },
      queueTime: { value: 0, n: 9 },
      // 5 min, 2 min, 1 min.
      rollbackTime: { value: 120, n: 3 },
      canaryPassRate: { value: 0.5, n: 2 },
      promotionTime: { value: 3600, n: 1 },
      rolloutSuccess: { value: 7 / 9, n: 9 },
      alertsLinked: { value: 2, n: 2 },
    });
  });

  it('say why each failed, from the first sign, and when people were off it', () => {
    const failed = deploymentsOf(handMade, handMadeAlerts, question.rules).flatMap((one) =>
      one.failure === null ? [] : [[one.record.rollout, one.failure, one.recoveredAt]],
    );
    expect(failed).toEqual([
      ['shop-2', { kind: 'rolled_back', at: november(4, 12) }, november(4, 12, 5)],
      ['shop-4', { kind: 'caught_in_canary', at: november(5, 9, 30) }, november(5, 9, 32)],
      ['shop-6', { kind: 'alert', at: november(10, 9, 50) }, november(10, 10, 20)],
    ]);
  });

  it('do not count a release as failed that only made room for another', () => {
    const kindAfter = (kind: 'person' | 'taken_over') => {
      const records = handMade.map((one) =>
        one.rollout === 'shop-4' && one.abort !== null
          ? { ...one, abort: { ...one.abort, cause: { kind, detail: '' } } }
          : one,
      );
      const made = deploymentsOf(records, [], question.rules);
      return made.find(({ record }) => record.rollout === 'shop-4')?.failure?.kind ?? null;
    };
    expect([kindAfter('person'), kindAfter('taken_over')]).toEqual(['caught_in_canary', null]);
  });

  it('count a release with a hotfix soon after as failed, and not one much later', () => {
    const alone = { ...question, alerts: [] };
    const kinds = (hotfixMs: number) =>
      deploymentsOf(handMade, [], { hotfixMs }).find(({ record }) => record.rollout === 'shop-6')
        ?.failure?.kind ?? null;
    expect(kinds(86_400_000)).toBe('hotfix');
    expect(kinds(3_600_000)).toBeNull();
    expect(figuresOf(alone).changeFailRate).toEqual({ value: 0.5, n: 6 });
  });

  it('say nothing where there is nothing to measure', () => {
    const empty = figuresOf({ ...question, records: [], alerts: [] });
    expect(empty.changeFailRate).toEqual({ value: null, n: 0 });
    expect(empty.leadTime).toEqual({ value: null, n: 0 });
    expect(empty.deployments).toEqual({ value: 0, n: 0 });
  });

  it('never say that more failed than were deployed, whatever is linked to what', () => {
    const ids = handMade.map(({ rollout }) => rollout);
    const alerts = fc.array(
      fc.record({
        alert: fc.string(),
        rollout: fc.constantFrom(...ids, 'other-1'),
        startsAt: fc.integer({ min: november(1), max: november(29) }),
        resolvedAt: fc.constantFrom(null, november(29)),
        fails: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(fc.subarray(handMade.slice()), alerts, (records, linked) => {
        const { value } = figuresOf({ ...question, records, alerts: linked }).changeFailRate;
        return value === null || (value >= 0 && value <= 1);
      }),
      { numRuns: 200 },
    );
  });
});

describe('days and weeks', () => {
  it('are those of the zone: two deployments around midnight in Auckland are of two days', () => {
    const days = (zone: string) => figuresOf({ ...question, rules: { ...question.rules, zone } });
    expect(days('UTC').deploymentDays.value).toBe(1);
    // 11:00 UTC is midnight there: the deployment and its hotfix fall on two days.
    expect(days('Pacific/Auckland').deploymentDays.value).toBe(1.5);
  });

  it('are seven local days long, also when the clocks change', () => {
    const from = Temporal.ZonedDateTime.from('2026-10-19T00:00[Europe/Berlin]').epochMilliseconds;
    const weeks = weeksOf({ from, to: from + 15 * 86_400_000 }, 'Europe/Berlin');
    expect(weeks.map(({ from: begin, to }) => (to - begin) / 3_600_000)).toEqual([24, 169, 167]);
  });

  it.each([
    [3, 'daily'],
    [1, 'weekly'],
    [0.5, 'less than weekly'],
    [null, 'unknown'],
  ])('%s days a week are called %s', (days, word) => {
    expect(frequencyWord(days)).toBe(word);
  });
});

describe('exports', () => {
  it('have one line a figure, with the window before', () => {
    const lines = figuresCsv(question).split('\r\n');
    expect(lines[0]).toBe('figure,value,unit,n,before,n_before,from,to,meaning');
    expect(lines).toContain(
      'changeFailRate,0.5,share,6,,0,2026-11-02T00:00:00.000Z,2026-11-30T00:00:00.000Z,Share of production deployments that failed',
    );
  });

  it('have one line a release, and never a formula', () => {
    const [first] = handMade;
    if (first === undefined) throw new Error('the ledger is empty');
    const records = [{ ...first, by: '=HYPERLINK("http://evil")', version: 'a,b' }];
    const [, line] = releasesCsv({ ...question, records }).split('\r\n');
    expect(line).toContain(`"a,b"`);
    expect(line).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(releasesCsv(question).trim().split('\r\n')).toHaveLength(11);
  });
});

it('the view names the figures, their trend and a picture', () => {
  const view = statsView(question, 'everything');
  const table = view.blocks.find(({ kind }) => kind === 'table');
  expect(JSON.stringify(table)).toContain('50 % (6)');
  expect(JSON.stringify(table)).toContain('weekly, 1 day a week (5)');
  const chart = view.blocks.find((block) => block.kind === 'chart');
  expect(chart?.chart.series.map(({ points }) => points.map(({ value }) => value))).toEqual([
    [2, 2, 1, 0],
    [2, 1, 0, 0],
  ]);
  expect(view.summary).toBe(
    'Figures of everything, last 28 days: 5 deployments, change fail rate 50 %',
  );
});
