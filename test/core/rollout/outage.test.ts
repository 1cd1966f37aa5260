import { describe, expect, it } from 'vitest';
import { signalbox } from '#core/people.ts';
import type { OutageReason, RolloutEvent } from '#core/rollout/events.ts';
import { metricsOutage, outageAfter, outageEvents } from '#core/rollout/outage.ts';
import type { Outage } from '#core/rollout/state.ts';

const refused: OutageReason = {
  of: 'target',
  name: 'eu-1',
  code: 'target.unavailable',
  detail: 'connection refused',
};
const slow = { ...refused, detail: 'no answer in time' };
const minute = 60_000;

function outage(over: Partial<Outage> = {}): Outage {
  return { ...refused, since: 0, told: 0, ...over };
}

describe('an outage is told when it begins, when its reason changes, and when it is over', () => {
  const rows: readonly [string, Outage | null, OutageReason | null, number, readonly string[]][] = [
    ['nothing, and nothing before', null, null, 0, []],
    ['the first failure', null, refused, 0, ['outage.begun']],
    ['the same failure again', outage(), refused, 60 * minute, []],
    ['another reason at once', outage(), slow, minute - 1, []],
    ['another reason after a minute', outage(), slow, minute, ['outage.begun']],
    ['another reason soon after the last', outage({ told: 8 * minute }), slow, 15 * minute, []],
    ['another at twice its age', outage({ told: 8 * minute }), slow, 16 * minute, ['outage.begun']],
    ['an answer', outage(), null, minute, ['outage.over']],
    [
      'something else instead',
      outage(),
      { ...refused, name: 'eu-2' },
      minute,
      ['outage.over', 'outage.begun'],
    ],
  ];
  it.each(rows)('%s', (_name, known, found, now, kinds) => {
    expect(outageEvents({ outage: known }, found, now).map(({ kind }) => kind)).toEqual(kinds);
  });

  it('says how long it lasted', () => {
    expect(outageEvents({ outage: outage() }, null, 90_400)).toEqual([
      { kind: 'outage.over', of: 'target', name: 'eu-1', seconds: 90 },
    ]);
  });

  it('leaves a handful of events, however long it lasts and whatever it says', () => {
    let known: Outage | null = null;
    let told = 0;
    for (let now = 0; now <= 24 * 60 * minute; now += 5000) {
      const found = { ...refused, detail: `request ${now} failed` };
      for (const event of outageEvents({ outage: known }, found, now)) {
        known = outageAfter({ outage: known }, event, now).outage ?? null;
        told += 1;
      }
    }
    expect(told).toBeLessThan(14);
    expect(known?.since).toBe(0);
  });
});

describe('what is waited for', () => {
  const begun: RolloutEvent = { kind: 'outage.begun', ...refused };

  it('counts from the beginning when only the reason changed', () => {
    const known = outageAfter({}, begun, 1000);
    expect(known).toEqual({ outage: { ...refused, since: 1000, told: 1000 } });
    expect(outageAfter(known, { kind: 'outage.begun', ...slow }, 5000)).toEqual({
      outage: { ...slow, since: 1000, told: 5000 },
    });
  });

  const ends: readonly RolloutEvent[] = [
    { kind: 'outage.over', of: 'target', name: 'eu-1', seconds: 3 },
    { kind: 'rollout.paused', reason: 'operator', detail: '', by: signalbox },
    { kind: 'step.finished', step: 0, note: '' },
    { kind: 'rollout.cancelled', by: signalbox, reason: '' },
  ];
  it.each(ends)('ends with $kind', (event) => {
    expect(outageAfter({ outage: outage() }, event, 1)).toEqual({ outage: null });
    expect(outageAfter({}, event, 1)).toEqual({});
  });

  it('stays through what has nothing to do with it', () => {
    const event: RolloutEvent = { kind: 'step.noted', step: 0, note: '1 of 2 ready' };
    expect(outageAfter({ outage: outage() }, event, 1)).toEqual({});
  });
});

it('a source that cannot be read is named with what it said; other gaps are no outage', () => {
  const reading = { class: 'ok' as const, samples: [], query: '', notes: [] };
  expect(metricsOutage([{ source: 'main', reading }])).toBeNull();
  expect(
    metricsOutage([{ source: 'main', reading: { ...reading, class: 'no_series' } }]),
  ).toBeNull();
  const notes = ['127.0.0.1:9090: connection refused'];
  const unread = { ...reading, class: 'provider_error' as const, notes };
  expect(
    metricsOutage([
      { source: 'main', reading },
      { source: 'slow', reading: unread },
    ]),
  ).toEqual({
    of: 'metrics',
    name: 'slow',
    code: 'metrics.unavailable',
    detail: '127.0.0.1:9090: connection refused',
  });
});
