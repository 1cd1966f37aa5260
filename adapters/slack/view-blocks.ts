import type { Block, Chart, View } from '#core/message.ts';
import { isHeading, isLoud, stepMarks, toneMarks } from '#core/message-pieces.ts';
import { viewText } from '#core/message-text.ts';
import { bar } from '#core/sparkline.ts';
import { narrowTable, tableLines } from '#core/table-lines.ts';
import { printable } from '#core/text-width.ts';
import { buttonBlocks, type PutButton, plain } from './buttons.ts';
import { chartTable } from './chart-table.ts';
import { nativeChart } from './native-chart.ts';
import { nativeTable } from './native-table.ts';
import { altText } from './pictures.ts';
import { cut, fallbackText } from './plain-text.ts';
import { type Json, preformatted, richLine } from './rich-text.ts';

/** A message as `chat.postMessage` and its like take it. */
export interface Rendered {
  readonly text: string;
  readonly blocks: readonly Json[];
}

/** How a view is drawn. */
export interface RenderOptions {
  /** The workspace has `data_visualization`. */
  readonly charts: boolean;
  /** Files that stand for charts where the workspace has none of its own. */
  readonly pictures?: ReadonlyMap<Chart, string>;
  readonly now: number;
  /** Blocks that one surface holds: 50 in a message, 100 in a modal or the App Home. */
  readonly blocksMax: number;
  /** False where the surface knows no table of its own: modals and the App Home. */
  readonly tables?: boolean;
  /** False where no button may stand: unfurls. */
  readonly buttons: boolean;
}

/** All the text of a message; the published limits are per block, this keeps the whole in bounds. */
const textMax = 11_000;
/** Slack refuses more than two charts and more than one table in a message. */
const chartsMax = 2;
const tablesMax = 1;

/** A piece of a message: a part of a rich text, or a block of its own. */
type Part =
  | { readonly kind: 'rich'; readonly json: Json }
  | { readonly kind: 'own'; readonly json: Json }
  | { readonly kind: 'buttons'; readonly blocks: readonly Json[] };

/** Draws a view within every limit: what does not fit is left out, and the message says so. */
export function render(view: View, options: RenderOptions): Rendered {
  const title = cut(`${toneMarks[view.tone].text} ${printable(view.title)}`, 150);
  const header = { type: 'header', text: { type: 'plain_text', text: title, emoji: false } };
  return {
    text: fallbackText(view.summary === '' ? view.title : view.summary, 3_000),
    blocks: [header, ...packed(partsOf(view, options), options)],
  };
}

/** What a message may still hold of the blocks that are counted. */
interface Left {
  charts: number;
  tables: number;
  nextButton: number;
}

function partsOf(view: View, options: RenderOptions): readonly Part[] {
  const left: Left = {
    charts: options.charts ? chartsMax : 0,
    tables: options.tables === false ? 0 : tablesMax,
    nextButton: 0,
  };
  const put: PutButton = () => {
    left.nextButton += 1;
    return left.nextButton;
  };
  return view.blocks.flatMap((block, index): readonly Part[] => {
    if (block.kind === 'buttons') {
      return options.buttons ? [{ kind: 'buttons', blocks: buttonBlocks(block.buttons, put) }] : [];
    }
    if (block.kind === 'divider') return [{ kind: 'own', json: { type: 'divider' } }];
    const own = nativeBlock(block, left) ?? pictureBlock(block, options) ?? figures(block, left);
    if (own !== null) return [{ kind: 'own', json: own }];
    // A heading stands apart from the text above it.
    const apart = isHeading(block) && isRunning(view.blocks[index - 1]);
    return richParts(block, options.now, apart).map((json) => ({ kind: 'rich', json }));
  });
}

/** Slack's own chart or table, while the message may hold one more. */
function nativeBlock(block: Block, left: Left): Json | null {
  if (block.kind === 'chart' && left.charts > 0) {
    const json = nativeChart(block.chart);
    if (json !== null) left.charts -= 1;
    return json;
  }
  if (block.kind === 'table' && left.tables > 0) {
    const json = nativeTable(block);
    if (json !== null) left.tables -= 1;
    return json;
  }
  return null;
}

/** The file that was made of a chart. */
function pictureBlock(block: Block, { pictures }: RenderOptions): Json | null {
  if (block.kind !== 'chart') return null;
  const file = pictures?.get(block.chart);
  if (file === undefined) return null;
  return {
    type: 'image',
    slack_file: { id: file },
    title: plain(block.chart.title, 2_000),
    alt_text: altText(block.chart),
  };
}

/** A chart as a table, while the message may hold one more. */
function figures(block: Block, left: Left): Json | null {
  if (block.kind !== 'chart' || left.tables === 0) return null;
  const table = chartTable(block.chart);
  return table === null ? null : nativeBlock(table, left);
}

function richParts(
  block: Exclude<Block, { kind: 'buttons' | 'divider' }>,
  now: number,
  apart: boolean,
): readonly Json[] {
  switch (block.kind) {
    case 'text':
      return section([...(apart ? [{ type: 'text', text: '\n' }] : []), ...richLine(block.line)]);
    case 'note':
      return section(richLine(block.line, { italic: true }));
    case 'fields':
      return block.fields.flatMap(({ label, value }) =>
        section(richLine([{ kind: 'strong', text: `${label}: ` }, ...value])),
      );
    case 'steps':
      return block.steps.flatMap(({ label, mark, detail }) =>
        section([
          ...richLine([
            `${stepMarks[mark].text} `,
            isLoud(mark) ? { kind: 'strong', text: label } : label,
          ]),
          ...(detail === undefined ? [] : richLine(['  ', ...detail])),
        ]),
      );
    case 'progress': {
      const percent = `${Math.round(block.percent)} %`;
      return section(richLine([`${block.label}  ${bar(block.percent, 20)}  ${percent}`]));
    }
    case 'code':
      return [preformatted(block.text)];
    case 'table': {
      const narrow = narrowTable(block, now);
      if (narrow !== null) return [preformatted(narrow)];
      return tableLines(block).flatMap((line) => section(richLine(line)));
    }
    case 'chart': {
      const alone = { tone: 'neutral', title: '', summary: '', blocks: [block] } as const;
      const [, , ...rows] = viewText(alone, { width: 76, now }).split('\n');
      return [preformatted(rows.join('\n'))];
    }
  }
}

/** What ends up in one text with what follows it. */
function isRunning(block: Block | undefined): boolean {
  return block !== undefined && !['buttons', 'divider', 'chart', 'table'].includes(block.kind);
}

function section(elements: readonly Json[]): readonly Json[] {
  return elements.length === 0 ? [] : [{ type: 'rich_text_section', elements }];
}

const shortened = {
  type: 'context',
  elements: [{ type: 'plain_text', text: 'Shortened: the whole is in the console.', emoji: false }],
};

/** Joins rich text into few blocks and keeps buttons whatever else has to go. */
function packed(parts: readonly Part[], { blocksMax }: RenderOptions): readonly Json[] {
  const reserved = parts.reduce(
    (sum, part) => sum + (part.kind === 'buttons' ? part.blocks.length : 0),
    0,
  );
  const forButtons = Math.min(reserved, 6);
  let roomForButtons = forButtons;
  // The header and the word about what is missing.
  let room = blocksMax - 2 - forButtons;
  let text = textMax;
  let rich: Json[] = [];
  let missing = false;
  const blocks: Json[] = [];
  const close = (): void => {
    if (rich.length > 0) blocks.push({ type: 'rich_text', elements: rich });
    rich = [];
  };
  for (const part of parts) {
    if (part.kind === 'buttons') {
      close();
      const shown = part.blocks.slice(0, roomForButtons);
      roomForButtons -= shown.length;
      missing ||= shown.length < part.blocks.length;
      blocks.push(...shown);
      continue;
    }
    const size = JSON.stringify(part.json).length;
    const opens = part.kind === 'own' || rich.length === 0;
    if (size > text || (opens && room <= 0)) {
      missing = true;
      continue;
    }
    text -= size;
    if (opens) room -= 1;
    if (part.kind === 'rich') rich.push(part.json);
    else {
      close();
      blocks.push(part.json);
    }
  }
  close();
  return missing ? [...blocks, shortened] : blocks;
}
