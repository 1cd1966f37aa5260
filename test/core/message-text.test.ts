import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { releaseCard } from '#core/cards/release-card.ts';
import type { Block, View } from '#core/message.ts';
import { viewAnsi } from '#core/message-ansi.ts';
import { viewText } from '#core/message-text.ts';
import { textWidth } from '#core/text-width.ts';
import { start, states } from './cards/a-rollout.ts';

const options = { width: 60, now: start + 50_000 };

function text(...blocks: readonly Block[]): string {
  const view: View = { tone: 'neutral', title: 'T', summary: 's', blocks };
  return viewText(view, { width: 32, now: start })
    .split('\n')
    .slice(1)
    .join('\n')
    .replace(/^\n/, '');
}

describe('a view as plain text', () => {
  it('is a card that one likes to read', () => {
    const context = { now: options.now, tokenOf: () => 't', consoleUrl: null, command: 'release' };
    expect(viewText(releaseCard(states.progressing, context), options)).toBe(
      [
        '▶ shop v2 → production',
        'Compare v2 with v1 for 5m',
        '',
        'Traffic to v2 ██░░░░░░░░░░░░░░░░░░ 10 %',
        '',
        '✓ Start v2, without traffic',
        '✓ 10 % of traffic to v2',
        '▸ Compare v2 with v1 for 5m',
        '· Wait for a person: look at the dashboards',
        '· 50 % of traffic to v2',
        '· 3 more to come',
        '',
        'No difference that matters after 130 requests. (38s ago,',
        'look 3)',
        '',
        'Change        v1 → v2',
        'Requested by  Ada',
        'Reason        new checkout',
        '',
        '[ Pause at 10 % ]  [ Roll back to v1 ]',
        '',
        'shop-12 · plan ab12cd34',
      ].join('\n'),
    );
  });

  it.each<[string, Block, readonly string[]]>([
    [
      'fields with aligned values that hang',
      {
        kind: 'fields',
        fields: [
          { label: 'A', value: ['one'] },
          { label: 'Longer', value: ['a value that is too long for one row'] },
        ],
      },
      ['A       one', 'Longer  a value that is too long', '        for one row'],
    ],
    [
      'a table with numbers on the right',
      {
        kind: 'table',
        columns: [{ label: 'Metric' }, { label: 'Value', align: 'right' }],
        rows: [
          [['errors'], ['4.1 %']],
          [['p95'], ['191 ms']],
        ],
      },
      ['Metric   Value', 'errors   4.1 %', 'p95     191 ms'],
    ],
    [
      'a table that is too wide, narrowed where it hurts least, with nothing cut',
      {
        kind: 'table',
        columns: [{ label: 'Id' }, { label: 'What' }, { label: 'N', align: 'right' }],
        rows: [
          [['shop-12'], ['a long story about something else'], ['7']],
          [['shop-2'], ['short'], ['8']],
        ],
      },
      [
        'Id       What                  N',
        'shop-12  a long story about    7',
        '         something else',
        'shop-2   short                 8',
      ],
    ],
    [
      'a table with a cell that would be a tower, as records',
      {
        kind: 'table',
        columns: [{ label: 'Id' }, { label: 'What' }],
        rows: [
          [
            ['a-name-that-is-long'],
            ['word word word word word word word word word word word word'],
          ],
        ],
      },
      [
        'Id: a-name-that-is-long',
        'What: word word word word word',
        'word word word word word word',
        'word',
      ],
    ],
    [
      'a table with too many columns, as records',
      {
        kind: 'table',
        columns: ['One', 'Two', 'Three', 'Four', 'Five'].map((label) => ({ label })),
        rows: [[['aaaaaaa'], ['bbbbbbb'], ['ccccccc'], ['ddddddd'], ['eeeeeee']]],
      },
      ['One: aaaaaaa', 'Two: bbbbbbb', 'Three: ccccccc', 'Four: ddddddd', 'Five: eeeeeee'],
    ],
    [
      'progress that is never shown as done before it is',
      { kind: 'progress', label: 'v2', percent: 99 },
      ['v2 █████████░ 99 %'],
    ],
    [
      'a chart as sparklines on one scale',
      {
        kind: 'chart',
        chart: {
          title: 'errors',
          unit: 'percent',
          series: [
            { name: 'v1', side: 'stable', points: [0, 1, 0, 1].map(point) },
            { name: 'v2', side: 'candidate', points: [0, 2, 4, 8].map(point) },
          ],
        },
      },
      ['errors  to 8 %', 'v1  ▁▂▁▂  1 %', 'v2  ▁▃▅█  8 %'],
    ],
    ['code as it stands', { kind: 'code', text: 'a\n  b' }, ['  a', '    b']],
    [
      'code that is too wide, further in below, with nothing cut',
      { kind: 'code', text: '/release deploy <service> <version> [to <environment>]' },
      ['  /release deploy <service>', '      <version> [to', '      <environment>]'],
    ],
    [
      'no picture where it does not fit',
      { kind: 'code', text: `errors ${'-'.repeat(41)}`, intervals: [] },
      [],
    ],
    [
      'times in words',
      {
        kind: 'text',
        line: [
          { kind: 'time', at: start + 90_000, as: 'relative' },
          ', ',
          { kind: 'time', at: start, as: 'clock' },
        ],
      },
      ['in 1m 30s, 14:00:00 UTC'],
    ],
  ])('shows %s', (_, block, rows) => {
    expect(text(block)).toBe(rows.join('\n'));
  });

  function point(value: number, index: number) {
    return { at: start + index, value };
  }

  it('lets nothing through that steers a terminal or turns its text around', () => {
    const line = ['a\u001b[31mred\u0007\u009b2J', '\u202egnp.exe\u2066', 'x\ny'];
    const seen = text({ kind: 'text', line });
    expect(seen.split('\n')).toHaveLength(1);
    for (const character of seen) {
      const code = character.codePointAt(0) ?? 0;
      const steers = code < 32 || (code >= 127 && code < 160);
      const turns = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
      expect([code, steers || turns]).toEqual([code, false]);
    }
    expect(seen).toContain('red');
  });

  it('never exceeds its width, whatever the texts are', () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 60 });
    const block: fc.Arbitrary<Block> = fc.oneof(
      words.map((line) => ({ kind: 'text' as const, line: [line] })),
      fc.record({ kind: fc.constant('code' as const), text: words }),
      fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 4 }).map((rows) => ({
        kind: 'table' as const,
        columns: [{ label: 'One' }, { label: 'Two', align: 'right' as const }],
        rows: rows.map(([one, two]) => [[one], [two]]),
      })),
      fc.tuple(words, words).map(([label, value]) => ({
        kind: 'fields' as const,
        fields: [{ label, value: [value] }],
      })),
      fc
        .tuple(words, fc.integer({ min: -5, max: 105 }))
        .map(([label, percent]) => ({ kind: 'progress' as const, label, percent })),
    );
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 5 }),
        fc.integer({ min: 20, max: 100 }),
        (blocks, width) => {
          const view: View = { tone: 'danger', title: 'title', summary: '', blocks };
          for (const row of viewText(view, { width, now: 0 }).split('\n')) {
            expect(textWidth(row)).toBeLessThanOrEqual(width);
          }
        },
      ),
    );
  });
});

describe('a view in colours', () => {
  const esc = String.fromCharCode(27);
  const links = new RegExp(`${esc}\\]8;;[^${esc}]*${esc}\\\\`, 'g');
  const colours = new RegExp(`${esc}\\[\\d*m`, 'g');

  it('says the same as the plain one, between its colours', () => {
    const context = {
      now: options.now,
      tokenOf: () => 't',
      consoleUrl: 'https://signalbox.example',
      command: 'release',
    };
    for (const state of Object.values(states)) {
      const view = releaseCard(state, context);
      const bare = viewAnsi(view, options)
        .replace(links, '')
        .replace(colours, '')
        .replace(/ +$/gm, '');
      expect(bare).toBe(viewText(view, options).replace(/ <https:[^>]*>/g, ''));
    }
  });
});
