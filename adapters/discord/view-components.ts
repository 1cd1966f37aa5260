import type { Block, Button, Chart, Line, Span, Tone, View } from '#core/message.ts';
import { isHeading, isLoud, stepMarks, toneMarks } from '#core/message-pieces.ts';
import { viewText } from '#core/message-text.ts';
import { bar } from '#core/sparkline.ts';
import { narrowTable, tableLines } from '#core/table-lines.ts';
import { printable } from '#core/text-width.ts';
import { buttonId } from './custom-ids.ts';
import { cut, escaped, escapedWithin, fenced, type Json } from './plain-text.ts';

/** Components v2 of one message. */
export interface Drawn {
  readonly components: readonly Json[];
  /** The chart whose picture belongs to the message as `chart.png`. */
  readonly chart: Chart | null;
}

export interface DrawOptions {
  readonly now: number;
  /** Whether the message carries the picture of its first chart. */
  readonly picture: boolean;
  /** Two numbers by which the message is found again; null for answers. */
  readonly marks: readonly [number, number] | null;
}

/** All text of a message with components v2, and components with nested ones (Discord's limits). */
const textMax = 4_000;
const componentsMax = 40;
const buttonsMax = 15;
/** Kept free for the word about what is missing. */
const reserve = 80;

const accents: Readonly<Record<Tone, number>> = {
  neutral: 0x8a8f98,
  progress: 0x2f6fde,
  waiting: 0xb7791f,
  success: 0x2e7d4f,
  warning: 0xc05621,
  danger: 0xc53030,
};

/** Draws a view within every limit: what does not fit is left out, and the message says so. */
export function draw(view: View, options: DrawOptions): Drawn {
  const { tone } = view;
  const buttons = view.blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  const shown = buttons.slice(0, buttonsMax);
  const chart = options.picture
    ? (view.blocks.find((block) => block.kind === 'chart')?.chart ?? null)
    : null;
  const reserved = 3 + Math.ceil(shown.length / 5) + shown.length + (chart === null ? 0 : 2);
  const page = createPage(componentsMax - reserved, textMax - reserve);
  const title = `${toneMarks[tone].text} ${printable(view.title)}`;
  page.write(`### ${escapedWithin(title, 250)}`);
  for (const block of view.blocks) {
    put(page, block, options.now);
    if (block.kind === 'chart' && block.chart === chart) page.add(gallery(chart));
  }
  const children = [...page.end(shown.length < buttons.length), ...buttonRows(shown)];
  const [outer, inner] = options.marks ?? [];
  const [first, ...others] = children;
  const marked =
    inner === undefined || first === undefined ? children : [{ ...first, id: inner }, ...others];
  const mark = outer === undefined ? {} : { id: outer };
  return {
    components: [{ type: 17, accent_color: accents[tone], components: marked, ...mark }],
    chart,
  };
}

function put(page: ReturnType<typeof createPage>, block: Block, now: number): void {
  if (block.kind === 'buttons') return;
  if (block.kind === 'divider') {
    page.divide();
    return;
  }
  const written = textsOf(block, now, page.left());
  // A heading stands apart from what is above it.
  if (isHeading(block) && page.isOpen()) page.write(`\n${written.join('')}`);
  else for (const one of written) page.write(one);
}

function gallery(chart: Chart): Json {
  const description = cut(`${printable(chart.title)}: the values stand in the table`, 1_024);
  return { type: 12, items: [{ media: { url: 'attachment://chart.png' }, description }] };
}

/** The parts of a message above its buttons, as far as there is room. */
function createPage(components: number, characters: number) {
  let room = components;
  let left = characters;
  let missing = false;
  const parts: Json[] = [];
  let text: string[] = [];

  function close(): void {
    if (text.length > 0) parts.push({ type: 10, content: text.join('\n') });
    text = [];
  }

  return {
    left: () => left,
    isOpen: () => text.length > 1,
    write(written: string): void {
      if (written === '') return;
      const opens = text.length === 0;
      if (written.length + 1 > left || (opens && room <= 0)) {
        missing = true;
        return;
      }
      if (opens) room -= 1;
      left -= written.length + 1;
      text.push(written);
    },
    divide(): void {
      close();
      if (room > 0) parts.push({ type: 14, divider: true, spacing: 1 });
      else missing = true;
      room -= 1;
    },
    /** Its room was reserved. */
    add(part: Json): void {
      close();
      parts.push(part);
    },
    end(shortened: boolean): readonly Json[] {
      if (missing || shortened) text.push('-# Shortened: the whole is in the console.');
      close();
      return parts;
    },
  };
}

const styles = { primary: 1, plain: 2, danger: 4 } as const;

function buttonRows(buttons: readonly Button[]): readonly Json[] {
  const drawn = buttons.map((button, index) => {
    const label = cut(printable(button.label), 80).trim();
    return {
      type: 2,
      style: styles[button.style],
      label: label === '' ? '–' : label,
      custom_id: buttonId(button, index),
    };
  });
  return Array.from({ length: Math.ceil(drawn.length / 5) }, (_, row) => ({
    type: 1,
    components: drawn.slice(row * 5, row * 5 + 5),
  }));
}

/** One block as pieces of Markdown, each whole by itself; a long one is shortened to what is left. */
function textsOf(
  block: Exclude<Block, { kind: 'buttons' | 'divider' }>,
  now: number,
  left: number,
): readonly string[] {
  const most = Math.max(200, Math.min(1_500, left - 1));
  switch (block.kind) {
    case 'text':
      return [markdown(block.line, most)];
    case 'note':
      return [`-# ${markdown(block.line, most - 3)}`];
    case 'fields':
      return block.fields.map(
        ({ label, value }) => `**${escapedWithin(label, 100)}:** ${markdown(value, 600)}`,
      );
    case 'steps':
      return block.steps.map(({ label, mark, detail }) => {
        const name = escapedWithin(label, 150);
        const head = `${stepMarks[mark].text} ${isLoud(mark) ? `**${name}**` : name}`;
        return detail === undefined ? head : `${head}  ${markdown(detail, 300)}`;
      });
    case 'progress':
      return [
        `${escapedWithin(block.label, 200)}  ${bar(block.percent, 20)}  ${Math.round(block.percent)} %`,
      ];
    case 'code':
      return [fenced(block.text, most)];
    case 'table': {
      const narrow = narrowTable(block, now);
      if (narrow !== null) return [fenced(narrow, most)];
      return tableLines(block).map((line) => markdown(line, 400));
    }
    case 'chart': {
      const alone = { tone: 'neutral', title: '', summary: '', blocks: [block] } as const;
      const [, , ...rows] = viewText(alone, { width: 56, now }).split('\n');
      return [fenced(rows.join('\n'), most)];
    }
  }
}

/** A line as Markdown of at most so many characters; whole spans are dropped, none is cut open. */
function markdown(line: Line, most: number): string {
  let written = '';
  for (const [index, span] of line.entries()) {
    const left = most - written.length - 1;
    const text = spanText(span, left);
    if (text.length > left) return `${written}…`;
    written += index === 0 ? text : text.replace(/^\\(?=[-+])/, '');
  }
  return written;
}

function spanText(span: Span, left: number): string {
  if (typeof span === 'string') return escapedWithin(span, Math.max(1, left));
  switch (span.kind) {
    case 'strong':
      return span.text === '' ? '' : `**${escapedWithin(span.text, Math.max(1, left - 4))}**`;
    case 'code':
      return codeSpan(cut(printable(span.text), Math.max(1, left - 6)));
    case 'link':
      return linkText(span.text, span.url, left);
    case 'person':
      return span.account.platform === 'discord' && /^\d+$/.test(span.account.user)
        ? `<@${span.account.user}>`
        : escapedWithin(span.name, Math.max(1, left));
    case 'group':
      return escapedWithin(span.name, Math.max(1, left));
    case 'time': {
      const style = { relative: 'R', clock: 'T', date: 'f' }[span.as];
      return `<t:${Math.floor(span.at / 1000)}:${style}>`;
    }
  }
}

/** Backticks cannot be escaped within code, so text that has some stays plain. */
function codeSpan(text: string): string {
  if (text === '') return '';
  return text.includes('`') ? escaped(text) : `\`${text}\``;
}

function linkText(text: string, url: string, left: number): string {
  const plain = escapedWithin(text, Math.max(1, Math.min(300, left)));
  if (!URL.canParse(url)) return plain;
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return plain;
  const safe = href.replace(/[()<>\s\\]/g, (mark) =>
    encodeURIComponent(mark).replace(/[()]/g, percent),
  );
  const linked = `[${plain}](<${safe}>)`;
  return linked.length > left ? plain : linked;
}

function percent(mark: string): string {
  return `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
}
