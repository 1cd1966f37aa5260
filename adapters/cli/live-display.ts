import { outageOf, standing } from '#core/cards/standing.ts';
import { textWidth } from '#core/text-width.ts';
import type { Release } from './client.ts';
import type { Invocation } from './invocation.ts';
import type { CliIo } from './io.ts';
import { printed } from './print.ts';

/** What somebody who watches a rollout sees of it. */
export interface LiveDisplay {
  show(release: Release): void;
  /** Says something beside the rollout, once: that the server is away. */
  remark(text: string): void;
  /** Leaves the last state behind, whole. */
  end(release: Release): void;
}

/** For people one display that is drawn over itself; for files a line whenever it stands elsewhere. */
export function createDisplay(invocation: Invocation, io: CliIo): LiveDisplay {
  if (invocation.json) return forPrograms(io);
  return io.terminal ? forPeople(invocation, io) : forFiles(io);
}

function forPrograms(io: CliIo): LiveDisplay {
  return {
    show: () => undefined,
    remark: (text) => io.err(text),
    end: ({ state }) => io.out(`${JSON.stringify(state, null, 2)}\n`),
  };
}

function forFiles(io: CliIo): LiveDisplay {
  let said = '';
  function show({ state }: Release): void {
    const outage = outageOf(state);
    const because = outage === null ? '' : ` (${outage.code}: ${outage.detail})`;
    const line = `${state.id}: ${standing(state)}${because}`;
    if (line !== said) io.out(`${line}\n`);
    said = line;
  }
  return { show, remark: (text) => io.err(text), end: show };
}

function forPeople(invocation: Invocation, io: CliIo): LiveDisplay {
  let widths: readonly number[] = [];

  /** How many rows above are ours: a window that became narrower has broken its lines. */
  function rowsDrawn(): number {
    const rows = widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / io.columns)), 0);
    return Math.min(rows, io.rows - 1);
  }

  function draw({ card }: Release, most: number): void {
    const all = printed(card, Date.now(), invocation, io).trimEnd().split('\n');
    const lines = all.slice(0, most);
    const rows = rowsDrawn();
    io.out(`${rows === 0 ? '' : `\u001b[${rows}A\u001b[J`}${lines.join('\n')}\n`);
    widths = lines.map((line) => textWidth(unpainted(line)));
  }

  return {
    // What has scrolled out of the window cannot be drawn over.
    show: (release) => draw(release, io.rows - 1),
    remark(text) {
      io.out(text);
      widths = [...widths, textWidth(text.trimEnd())];
    },
    end: (release) => draw(release, Number.POSITIVE_INFINITY),
  };
}

/** Without colours and links, which take no room. */
function unpainted(line: string): string {
  return line
    .split('\u001b')
    .map((part, index) => (index === 0 ? part : part.replace(/^(?:\[[\d;]*m|\]8;;[^\\]*|\\)/, '')))
    .join('');
}
