import { describe, expect, it } from 'vitest';
import { boardsOf, tenantsOnBoards } from '#core/delivery/board-mode.ts';

function cards(count: number, tenant = 'T1', channels = 2) {
  return Array.from({ length: count }, (_, index) => ({
    rollout: `shop-${index}`,
    platform: 'slack',
    tenant,
    channel: `C${index % channels}`,
  }));
}

describe('board mode', () => {
  it.each([
    [20, false, false],
    [21, false, true],
    [16, true, true],
    [15, true, false],
  ])('%d live cards, on boards before: %s; now: %s', (count, before, expected) => {
    const known = new Set(before ? ['slack/T1'] : []);
    expect(tenantsOnBoards(cards(count), known).has('slack/T1')).toBe(expected);
  });

  it('counts each tenant by itself', () => {
    const live = [...cards(21, 'T1'), ...cards(5, 'T2')];
    const on = tenantsOnBoards(live, new Set());
    expect([...on]).toEqual(['slack/T1']);
    expect(boardsOf(live, on, 50).map(({ tenant }) => tenant)).toEqual(['T1', 'T1']);
  });

  it('gives each channel as many boards as its releases need, each release on one', () => {
    const live = cards(120, 'T1', 1);
    const boards = boardsOf(live, tenantsOnBoards(live, new Set()), 50);
    expect(
      boards.map(({ id, part, parts, rollouts }) => [id, part, parts, rollouts.length]),
    ).toEqual([
      ['board:slack/T1/C0:1', 1, 3, 50],
      ['board:slack/T1/C0:2', 2, 3, 50],
      ['board:slack/T1/C0:3', 3, 3, 20],
    ]);
    expect(new Set(boards.flatMap(({ rollouts }) => rollouts)).size).toBe(120);
  });
});
