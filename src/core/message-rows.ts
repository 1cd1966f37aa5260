import type { Block, Chart, View } from './message.ts';
import {
  type Piece,
  pieces,
  plain,
  stepMarks,
  type TextOptions,
  toneMarks,
} from './message-pieces.ts';
import { tableRows } from './message-table.ts';
import { formatQuantity } from './quantity.ts';
import { bar, sparkline } from './sparkline.ts';
import { clip, foldText, printable, textWidth } from './text-width.ts';
import { padPieces, wrapPieces } from './wrap-pieces.ts';

/** A row of laid-out text, before it is painted. */
export type Row = readonly Piece[];

/** Lays a view out in rows of at most `options.width` columns. */
export function viewRows(view: View, options: TextOptions): readonly Row[] {
  const sane = { ...options, width: Math.max(20, options.width) };
  const rows: Row[] = [...title(view, sane)];
  let before: Block['kind'] = 'text';
  for (const block of view.blocks) {
    const next = blockRows(block, sane);
    if (next.length === 0) continue;
    if (!adjoins(before, block.kind)) rows.push([]);
    rows.push(...next);
    before = block.kind;
  }
  return rows;
}

function title(view: View, options: TextOptions): readonly Row[] {
  const mark = toneMarks[view.tone];
  return hanging([mark, plain(' ')], [plain(printable(view.title), 'strong')], options.width);
}

/** Sentences follow each other without a gap; everything else stands apart. */
function adjoins(before: Block['kind'], kind: Block['kind']): boolean {
  const running = (one: Block['kind']) => one === 'text' || one === 'note';
  return running(before) && running(kind);
}

function blockRows(block: Block, options: TextOptions): readonly Row[] {
  switch (block.kind) {
    case 'text':
      return wrapPieces(pieces(block.line, options), options.width);
    case 'note':
      return wrapPieces(pieces(block.line, options, 'dim'), options.width);
    case 'fields':
      return fieldRows(block.fields, options);
    case 'table':
      return tableRows(block, options);
    case 'steps':
      return block.steps.flatMap((step) => {
        const detail = step.detail === undefined ? [] : pieces(step.detail, options, 'dim');
        const label = plain(printable(step.label), step.mark === 'pending' ? 'dim' : 'plain');
        const rest = detail.length === 0 ? [] : [plain('  '), ...detail];
        return hanging([stepMarks[step.mark], plain(' ')], [label, ...rest], options.width);
      });
    case 'progress':
      return [progressRow(block, options)];
    case 'chart':
      return chartRows(block.chart, options);
    case 'code':
      return codeBlockRows(block, options.width);
    case 'buttons':
      return wrapPieces(
        block.buttons.flatMap(({ label, style }, index) => [
          ...(index === 0 ? [] : [plain('  ')]),
          plain(
            unbroken(`[ ${printable(label)} ]`),
            style === 'danger' ? 'bad' : style === 'primary' ? 'good' : 'plain',
          ),
        ]),
        options.width,
      );
    case 'divider':
      return [[plain('─'.repeat(options.width), 'dim')]];
  }
}

/** A picture that does not fit is none: what it draws stands in words beside it. */
function codeBlockRows(
  { text, intervals }: Extract<Block, { kind: 'code' }>,
  width: number,
): readonly Row[] {
  const lines = text.split('\n').map(printable);
  if (intervals !== undefined && lines.some((line) => textWidth(line) > width - 2)) return [];
  return lines.flatMap((line) => codeRows(line, width));
}

/** Code that is wider than the rows goes on below, further in: nothing of it is cut. */
function codeRows(line: string, width: number): readonly Row[] {
  const [first = '', ...rest] = foldText(line, width - 2, width - 6);
  return [
    [plain('  '), plain(first, 'code')],
    ...rest.map((part) => [plain('      '), plain(part, 'code')]),
  ];
}

/** A button is one word: its spaces do not break. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

function fieldRows(
  fields: Extract<Block, { kind: 'fields' }>['fields'],
  options: TextOptions,
): readonly Row[] {
  const room = Math.floor(options.width / 2);
  const labels = fields.map(({ label }) => clip(printable(label), room));
  const column = Math.max(0, ...labels.map(textWidth)) + 2;
  return fields.flatMap(({ value }, index) => {
    const label = padPieces([plain(labels[index] ?? '', 'dim')], column, 'left');
    return hanging(label, pieces(value, options), options.width);
  });
}

/** Text behind a prefix; further rows are indented to the same column. */
function hanging(prefix: Row, row: Row, width: number): readonly Row[] {
  const indent = prefix.reduce((sum, { text }) => sum + textWidth(text), 0);
  return wrapPieces(row, Math.max(8, width - indent)).map((part, index) =>
    index === 0 ? [...prefix, ...part] : [plain(' '.repeat(indent)), ...part],
  );
}

function progressRow(block: Extract<Block, { kind: 'progress' }>, options: TextOptions): Row {
  const columns = Math.max(8, Math.min(24, Math.floor(options.width / 3)));
  const percent = `${Math.round(block.percent)} %`;
  const label = clip(printable(block.label), options.width - columns - percent.length - 2);
  return [
    plain(label),
    plain(' '),
    plain(bar(block.percent, columns), 'busy'),
    plain(` ${percent}`, 'strong'),
  ];
}

function chartRows(chart: Chart, options: TextOptions): readonly Row[] {
  const values = chart.series.flatMap(({ points }) => points.map(({ value }) => value));
  if (values.length === 0) return [];
  const low = Math.min(0, ...values);
  const high = Math.max(...values, chart.limit?.value ?? Number.NEGATIVE_INFINITY);
  const name = Math.max(...chart.series.map((series) => textWidth(printable(series.name))));
  const columns = Math.max(8, Math.min(40, options.width - Math.min(name, 16) - 16));
  return [
    [
      plain(printable(chart.title), 'strong'),
      plain(`  to ${formatQuantity(high, chart.unit)}`, 'dim'),
      ...(chart.limit === undefined
        ? []
        : [
            plain(
              `, ${printable(chart.limit.label)} ${formatQuantity(chart.limit.value, chart.unit)}`,
              'dim',
            ),
          ]),
    ],
    ...chart.series.map((series): Row => {
      const label = clip(printable(series.name), 16);
      const last = series.points.at(-1);
      const line = sparkline(
        series.points.map(({ value }) => value),
        low,
        high,
        columns,
      );
      return [
        ...padPieces([plain(label)], Math.min(name, 16) + 2, 'left'),
        plain(line, series.side === 'candidate' ? 'busy' : 'dim'),
        plain(last === undefined ? '' : `  ${formatQuantity(last.value, chart.unit)}`),
      ];
    }),
  ];
}
