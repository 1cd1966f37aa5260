import { describe, expect, it } from 'vitest';
import { ChangeList } from '#core/changes/change-list.ts';
import { riskSection } from '#core/changes/risk-section.ts';
import { summarise } from '#core/changes/summarise.ts';

describe('what an author says about the risk', () => {
  it.each([
    ['a section', '## What\nx\n## Risk\nLocks the table\n## Test\ny', 'Locks the table'],
    ['a list', '### Risks and rollout\n- slow **start**\n- `cold` cache', 'slow start cold cache'],
    [
      'a line',
      'Fixes it.\n\nRisk: half of the carts\nmay be lost\n\nSigned-off',
      'half of the carts may be lost',
    ],
    ['a bold line', '**Risk**: locks', 'locks'],
    ['a deeper heading ends it', '# Risk\nfirst\n### Not risk\nsecond', 'first'],
    ['carriage returns', '## Risk\r\nWindows\r\n', 'Windows'],
    ['none', '## Risk\nNone.\n', null],
    ['an empty template', '## Risk\n<!-- what can go wrong? -->\n\n## Test', null],
    ['no such section', '## Why\nrisky business', null],
    ['nothing', '', null],
  ])('%s', (_what, body, risk) => {
    expect(riskSection(body)).toBe(risk);
  });

  it('is cut, not spread', () => {
    expect(riskSection(`## Risk\n${'long '.repeat(500)}`)).toHaveLength(300);
  });
});

describe('commits as changes', () => {
  const rules = { from: 'v1', to: 'v2', ticketUrl: 'https://t.example/{ticket}' };
  const commit = (id: string, message: string, pull: number | null = null, at = 1000) => ({
    id: id.repeat(40),
    message,
    author: 'ada',
    at,
    url: `https://g.example/${id}`,
    pull:
      pull === null
        ? null
        : {
            number: pull,
            title: `Pull ${pull}`,
            body: '## Risk\nlocks',
            author: 'grace',
            branch: `shop-${pull}-fix`,
            url: null,
          },
  });
  const compared = (commits: ReturnType<typeof commit>[], ahead = commits.length, behind = 0) => ({
    commits,
    ahead,
    behind,
    url: null,
  });

  it('takes the commits of one pull request as one, and merges as none', () => {
    const list = summarise(
      compared([
        commit('a', 'One (#7)', 7, 1000),
        commit('b', 'Two', 7, 3000),
        commit('c', 'Merge branch main', null, 2000),
        commit('d', 'CART-12: third\n\nUTF-8 and CART-12 again', null, 2500),
      ]),
      rules,
    );
    expect(ChangeList.parse(list)).toEqual(list);
    expect(list.changes).toEqual([
      {
        title: 'CART-12: third',
        author: 'ada',
        pull: null,
        commit: 'dddddddddd',
        url: 'https://g.example/d',
        tickets: [{ id: 'CART-12', url: 'https://t.example/CART-12' }],
        risk: null,
      },
      {
        title: 'Pull 7',
        author: 'grace',
        pull: 7,
        commit: 'bbbbbbbbbb',
        url: 'https://g.example/b',
        tickets: [{ id: 'SHOP-7', url: 'https://t.example/SHOP-7' }],
        risk: 'locks',
      },
    ]);
    expect(list).toMatchObject({
      commits: 4,
      more: 0,
      committedAt: 3000,
      authors: ['ada', 'grace'],
    });
  });

  it('keeps fifty and counts the rest, also of what the host did not list', () => {
    const many = Array.from({ length: 60 }, (_, index) => commit('e', `Change ${index}`));
    const list = summarise(compared(many, 80, 3), rules);
    expect(list.changes).toHaveLength(50);
    expect(list.changes[0]?.title).toBe('Change 59');
    expect(list).toMatchObject({ more: 30, commits: 80, lost: 3 });
  });

  it('says nothing where there is nothing', () => {
    expect(summarise(compared([]), rules)).toMatchObject({ changes: [], committedAt: null });
  });
});
