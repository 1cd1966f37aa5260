import type { ComponentChild, VNode } from 'preact';
import { html } from '#adapters/console/page/html.ts';
import type { Block, Line, StepLine, StepMark } from '#core/message.ts';
import { Bars } from './bars.ts';
import { Buttons } from './buttons.ts';
import { Chart } from './chart.ts';
import { Folded, isLong } from './folded.ts';
import { Intervals } from './interval.ts';
import { mark } from './marks.ts';
import { spans } from './spans.ts';

type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

const markWords: Readonly<Record<StepMark, string>> = {
  pending: 'to come',
  running: 'under way',
  done: 'done',
  failed: 'failed',
  errored: 'errored',
  skipped: 'skipped',
  paused: 'paused',
};

/** The blocks of a view, charts that follow each other side by side. `message`: where its buttons stand. */
export function blocks(all: readonly Block[], message: number | null): readonly ComponentChild[] {
  const drawn: ComponentChild[] = [];
  const names = new Map<string, number>();
  let charts: Of<'chart'>[] = [];
  for (const block of all) {
    if (block.kind === 'chart') {
      charts.push(block);
      continue;
    }
    if (charts.length > 0) drawn.push(chartRow(charts));
    charts = [];
    drawn.push(block.kind === 'table' ? tableOf(block, names) : draw(block, message));
  }
  if (charts.length > 0) drawn.push(chartRow(charts));
  return drawn;
}

function chartRow(charts: readonly Of<'chart'>[]): VNode {
  return html`<div class="charts">${charts.map(({ chart }) => html`<${chart.days === undefined ? Chart : Bars} chart=${chart} key=${chart.title} />`)}</div>`;
}

/** Tables of the same columns are told apart by their number. */
function tableOf(table: Of<'table'>, names: Map<string, number>): VNode {
  const name = table.columns.map(({ label }) => label).join(', ');
  const count = (names.get(name) ?? 0) + 1;
  names.set(name, count);
  return html`<${Table} table=${table} name=${count === 1 ? name : `${name} (${count})`} />`;
}

function draw(
  block: Exclude<Block, { kind: 'chart' | 'table' }>,
  message: number | null,
): ComponentChild {
  switch (block.kind) {
    case 'text':
      return html`<div class="block-text">${words(block.line)}</div>`;
    case 'note':
      return html`<div class="block-note">${words(block.line)}</div>`;
    case 'fields':
      return html`<dl class="fields">${block.fields.map(
        ({ label, value }) => html`<div><dt>${label}</dt><dd>${words(value)}</dd></div>`,
      )}</dl>`;
    case 'steps':
      return html`<ol class="steps">${block.steps.map(step)}</ol>`;
    case 'progress':
      return html`<${Progress} label=${block.label} percent=${block.percent} />`;
    case 'code':
      return block.intervals === undefined
        ? html`<pre tabindex="0"><code>${block.text}</code></pre>`
        : html`<${Intervals} all=${block.intervals} />`;
    case 'buttons':
      return html`<${Buttons} buttons=${block.buttons} message=${message} />`;
    case 'divider':
      return html`<hr />`;
  }
}

function words(line: Line): ComponentChild {
  return isLong(line) ? html`<${Folded}>${spans(line)}<//>` : spans(line);
}

/** One step: its mark says how it is, also in words for those who cannot see it. */
export function step({ label, mark: state, detail }: StepLine): VNode {
  return html`<li class="step" data-mark=${state}>
    <span class="step-mark">${mark(state)}<span class="visually-hidden">${markWords[state]}: </span></span>
    <span class="step-label">${label}</span>
    ${detail === undefined ? null : html`<span class="step-detail">${spans(detail)}</span>`}
  </li>`;
}

/** How much of the traffic, in percent. */
export function Progress({
  label,
  percent,
}: {
  readonly label: string;
  readonly percent: number;
}): VNode {
  const share = Math.max(0, Math.min(100, percent));
  return html`<div class="progress">
    <div class="progress-words"><span>${label}</span><b>${Math.round(percent)} %</b></div>
    <div class="progress-track" role="progressbar" aria-label=${label} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(share)}>
      <div class="progress-fill" style=${{ width: `${share}%` }}></div>
    </div>
  </div>`;
}

function Table({ table, name }: { readonly table: Of<'table'>; readonly name: string }): VNode {
  return html`<div class="table-scroll" role="region" aria-label=${name} tabindex="0"><table>
    <thead><tr>${table.columns.map(({ label, align }) => html`<th scope="col" data-align=${align ?? 'left'}>${label}</th>`)}</tr></thead>
    <tbody>${table.rows.map(
      (row) =>
        html`<tr>${row.map((cell, index) => html`<td data-align=${table.columns[index]?.align ?? 'left'}>${spans(cell)}</td>`)}</tr>`,
    )}</tbody>
  </table></div>`;
}
