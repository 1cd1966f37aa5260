import { expect, it } from 'vitest';
import { draw } from '#adapters/discord/view-components.ts';
import { render } from '#adapters/slack/view-blocks.ts';
import type { Line } from '#core/message.ts';
import { narrowTable, tableLines } from '#core/table-lines.ts';

const now = Date.UTC(2026, 10, 21);
const table = (labels: readonly string[], ...rows: readonly (readonly Line[])[]) => ({
  kind: 'table' as const,
  columns: labels.map((label) => ({ label })),
  rows,
});
const small = table(['Step', 'Took'], [['Plan'], ['2s']], [['Canary'], ['1m']]);
const reason = 'locked by Signalbox: v3 was rolled back by shop-2, because errors is worse';
const wide = table(
  ['Service', 'Environment', 'Runs', 'Now'],
  [['shop'], ['production'], [{ kind: 'strong', text: 'v2' }], [reason]],
  [['mail'], ['staging'], ['–'], []],
);
const view = { tone: 'neutral', title: 't', summary: 's', blocks: [small, wide] } as const;

it('keeps its columns where a phone shows them whole, and never cuts a cell for them', () => {
  expect(narrowTable(small, now)).toBe('Step    Took\nPlan    2s\nCanary  1m');
  expect(narrowTable(wide, now)).toBeNull();
});

it('becomes lines otherwise: the first cell, then the others by name, without the empty ones', () => {
  expect(tableLines(wide)).toEqual([
    [
      { kind: 'strong', text: 'shop' },
      '  ',
      'Environment ',
      'production',
      ' · ',
      'Runs ',
      { kind: 'strong', text: 'v2' },
      ' · ',
      'Now ',
      reason,
    ],
    [{ kind: 'strong', text: 'mail' }, '  ', 'Environment ', 'staging'],
  ]);
  expect(tableLines(table(['Command', 'What it does'], [['deploy'], ['Releases.']]))).toEqual([
    [{ kind: 'strong', text: 'deploy' }, '  ', '', 'Releases.'],
  ]);
  expect(tableLines(table(['Figure', 'Now', 'Before'], [['Lead time'], ['–'], []]))).toEqual([
    [{ kind: 'strong', text: 'Lead time' }, '  ', '–'],
  ]);
});

it('is shown whole by Discord, and by Slack beside a table of its own', () => {
  const { components } = draw(view, { now, picture: false, marks: null });
  const { blocks } = render(view, { charts: true, now, blocksMax: 50, buttons: true });
  for (const shown of [JSON.stringify(components), JSON.stringify(blocks)]) {
    expect(shown.replaceAll('\\\\', '')).toContain(reason);
    expect(shown).toMatch(/Canary/);
    expect(shown).not.toContain('…');
  }
});
