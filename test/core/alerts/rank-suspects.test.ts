import { describe, expect, it } from 'vitest';
import { type Candidate, rankSuspects, reach } from '#core/alerts/rank-suspects.ts';
import type { ReleaseRecord } from '#core/figures/release-record.ts';

const minute = 60_000;
const now = 1_000 * minute;

function candidate(over: Partial<ReleaseRecord> & { share?: number } = {}): Candidate {
  const { share = 100, ...record } = over;
  return {
    share,
    record: {
      rollout: 'shop-1',
      intent: 'deploy',
      service: 'shop',
      environment: 'production',
      production: true,
      version: 'v1',
      digest: 'd',
      by: 'ada',
      reason: '',
      phase: 'succeeded',
      requestedAt: 0,
      startedAt: 0,
      trafficAt: now - 10 * minute,
      endedAt: now - 5 * minute,
      committedAt: null,
      approvedAt: null,
      breakGlass: false,
      canary: 'passed',
      abort: null,
      ...record,
    },
  };
}

const distances = new Map([
  ['shop', 0],
  ['api', 1],
  ['db', 2],
]);

function rank(candidates: readonly Candidate[], past: { from: number; to: number }[] = []) {
  return rankSuspects({
    aim: { service: 'shop', environment: 'production' },
    startsAt: now,
    distances,
    candidates,
    group: { past },
    lookbackMs: 24 * 60 * minute,
  }).map(({ rollout }) => rollout);
}

describe('a release is no suspect', () => {
  it.each([
    ['without traffic', { trafficAt: null }],
    ['whose traffic began after the alert', { trafficAt: now + 1 }],
    ['from before the time that is looked back', { trafficAt: now - 25 * 60 * minute }],
    ['of another environment', { environment: 'staging' }],
    ['of a service that is not needed', { service: 'other' }],
    ['that had gone back before', { phase: 'rolled_back' as const, endedAt: now - minute }],
  ])('%s', (_, over) => {
    expect(rank([candidate(over)])).toEqual([]);
  });

  it('that another had replaced before', () => {
    const next = { rollout: 'shop-2', trafficAt: now - 4 * minute, endedAt: now - 2 * minute };
    expect(rank([candidate(), candidate(next)])).toEqual(['shop-2']);
    expect(rank([candidate(), candidate({ ...next, endedAt: now + minute })])).toEqual([
      'shop-2',
      'shop-1',
    ]);
  });
});

describe('of two suspects the likelier is', () => {
  const other = { rollout: 'shop-2', phase: 'progressing' as const, endedAt: null };
  it.each([
    ['the later', { trafficAt: now - 90 * minute }],
    ['the one with more traffic', { share: 10 }],
    ['the nearer in the call graph', { service: 'api' }],
    ['the one that needs no detour', { service: 'db' }],
  ])('%s', (_, worse) => {
    expect(rank([candidate({ ...other, ...worse }), candidate()])).toEqual(['shop-1', 'shop-2']);
  });

  it('the one that was judged worse', () => {
    const failed = candidate({ ...other, canary: 'failed' });
    expect(rank([candidate(), failed])).toEqual(['shop-2', 'shop-1']);
  });

  it('the one before which the alert was quiet', () => {
    const earlier = candidate({ ...other, trafficAt: now - 30 * minute });
    const rang = [{ from: now - 20 * minute, to: now - 15 * minute }];
    expect(rank([candidate(), earlier])).toEqual(['shop-1', 'shop-2']);
    expect(rank([candidate(), earlier], rang)).toEqual(['shop-2', 'shop-1']);
  });
});

it('at most five are named', () => {
  const many = Array.from({ length: 9 }, (_, at) =>
    candidate({ rollout: `api-${at}`, service: 'api', phase: 'progressing', endedAt: null }),
  );
  expect(rank(many)).toHaveLength(5);
});

it('a service reaches what it needs, once, and circles do not trap it', () => {
  const services = {
    shop: { dependsOn: ['api', 'db'] },
    api: { dependsOn: ['db'] },
    db: { dependsOn: ['shop'] },
  };
  expect([...reach('shop', services)]).toEqual([
    ['shop', 0],
    ['api', 1],
    ['db', 1],
  ]);
  expect([...reach('unknown', services)]).toEqual([['unknown', 0]]);
});
