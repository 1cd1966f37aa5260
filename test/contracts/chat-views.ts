import type { View } from '#core/message.ts';

const at = Date.UTC(2026, 10, 21, 14);

/** One block of every kind. */
export const everyBlock: View = {
  tone: 'progress',
  title: 'every block',
  summary: 'a summary',
  blocks: [
    {
      kind: 'text',
      line: [
        'plain words ',
        { kind: 'strong', text: 'strong words' },
        { kind: 'code', text: 'code-words' },
        { kind: 'link', text: 'link words', url: 'https://example.org/a?b=1&c=2' },
        {
          kind: 'person',
          account: { platform: 'elsewhere', tenant: 'T', user: 'U' },
          name: 'Grace Hopper',
        },
        {
          kind: 'group',
          group: { platform: 'elsewhere', tenant: 'T', group: 'S1' },
          name: 'group words',
        },
        { kind: 'time', at, as: 'clock' },
      ],
    },
    { kind: 'note', line: ['a quiet note'] },
    { kind: 'fields', fields: [{ label: 'Field label', value: ['field value'] }] },
    {
      kind: 'table',
      columns: [{ label: 'Column one' }, { label: 'Column two', align: 'right' }],
      rows: [[['cell one'], ['cell two']]],
    },
    { kind: 'steps', steps: [{ label: 'step words', mark: 'running', detail: ['step detail'] }] },
    { kind: 'progress', label: 'progress words', percent: 25 },
    {
      kind: 'chart',
      chart: {
        title: 'chart title',
        unit: 'percent',
        series: [
          {
            name: 'v1',
            side: 'stable',
            points: [
              { at, value: 1 },
              { at: at + 1000, value: 2 },
            ],
          },
        ],
      },
    },
    { kind: 'code', text: 'line one\nline two' },
    {
      kind: 'buttons',
      buttons: [
        {
          label: 'Go',
          token: 'tok-1',
          style: 'primary',
          confirm: { title: 'Sure?', text: 'Really.', yes: 'Go' },
        },
        {
          label: 'Stop',
          token: 'tok-2',
          style: 'danger',
          ask: { label: 'Why?', required: true },
        },
      ],
    },
    { kind: 'divider' },
  ],
};

/** What must be readable of `everyBlock`, whatever the platform can draw. */
export const fieldTexts = [
  'every block',
  'plain words',
  'strong words',
  'code-words',
  'link words',
  'Grace Hopper',
  'a quiet note',
  'Field label',
  'field value',
  'Column one',
  'cell two',
  'step words',
  'step detail',
  'progress words',
  'chart title',
  'line one',
];

/** Texts from anywhere that platforms would read as markup or mentions. */
export const hostile = [
  '<!channel> <!here> <@U012AB3CD> <#C012AB3CD>',
  '@everyone and @here',
  '<https://evil.example|good.example>',
  '[good](https://evil.example)',
  '*bold* _it_ ~gone~ `code` ```fence``` **b** __u__ ||spoiler||',
  '&lt;!channel&gt; &amp;',
  '> quote',
  '# heading',
  '- item',
  '<@&1234567890> <@!1234567890> <:emoji:1234567890> </cmd:1234567890>',
];

/** Larger than any platform takes. */
export const huge: View = {
  tone: 'danger',
  title: `huge ${'t'.repeat(500)}`,
  summary: 's'.repeat(5000),
  blocks: [
    { kind: 'text', line: ['words '.repeat(3000)] },
    {
      kind: 'buttons',
      buttons: Array.from({ length: 30 }, (_, index) => ({
        label: `Button ${index} ${'b'.repeat(200)}`,
        token: `token-${index}`,
        style: 'plain' as const,
        confirm: { title: 'T'.repeat(200), text: 'x'.repeat(1000), yes: 'y'.repeat(100) },
      })),
    },
    {
      kind: 'fields',
      fields: Array.from({ length: 60 }, (_, index) => ({
        label: `field ${index}`,
        value: ['v'.repeat(3000)],
      })),
    },
    {
      kind: 'table',
      columns: Array.from({ length: 25 }, (_, index) => ({ label: `column ${index}` })),
      rows: Array.from({ length: 200 }, () => Array.from({ length: 25 }, () => ['cell & <cell>'])),
    },
    {
      kind: 'steps',
      steps: Array.from({ length: 100 }, () => ({
        label: 'step '.repeat(50),
        mark: 'done' as const,
      })),
    },
    ...Array.from({ length: 12 }, (_, index) => ({
      kind: 'chart' as const,
      chart: {
        title: `chart ${index} ${'c'.repeat(100)}`,
        unit: 'milliseconds' as const,
        series: Array.from({ length: 15 }, (_, number) => ({
          name: `series ${number} ${'n'.repeat(40)}`,
          side: 'other' as const,
          points: Array.from({ length: 100 }, (_, point) => ({
            at: at + point * 1000,
            value: point * number,
          })),
        })),
      },
    })),
    { kind: 'code', text: 'code\n'.repeat(2000) },
    ...Array.from({ length: 80 }, () => ({ kind: 'divider' }) as const),
  ],
};
