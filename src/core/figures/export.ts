import { type Deployment, deploymentsOf } from './deployments.ts';
import { type FigureName, type FigureQuestion, figureMeanings, figuresOf } from './figures.ts';
import { previousWindow } from './trend.ts';

/** The figures as a spreadsheet reads them: one line each, with what they were the window before. */
export function figuresCsv(question: FigureQuestion): string {
  const now = figuresOf(question);
  const before = figuresOf({ ...question, window: previousWindow(question.window) });
  const rows = Object.entries(figureMeanings).map(([name, [unit, meaning]]) => {
    const key = nameOf(name);
    return [
      name,
      now[key].value,
      unit,
      now[key].n,
      before[key].value,
      before[key].n,
      iso(question.window.from),
      iso(question.window.to),
      meaning,
    ];
  });
  const head = ['figure', 'value', 'unit', 'n', 'before', 'n_before', 'from', 'to', 'meaning'];
  return csv([head, ...rows]);
}

/** The rollouts of the window, one line each: what the figures were made from. */
export function releasesCsv({ records, alerts, window, rules }: FigureQuestion): string {
  const deployments = new Map<string, Deployment>(
    deploymentsOf(records, alerts, rules).map((one) => [one.record.rollout, one]),
  );
  const rows = records
    .filter(({ endedAt }) => endedAt !== null && endedAt >= window.from && endedAt < window.to)
    .toSorted((a, b) => a.requestedAt - b.requestedAt)
    .map((record) => {
      const deployment = deployments.get(record.rollout);
      return [
        record.rollout,
        record.intent,
        record.service,
        record.environment,
        record.production ? 'yes' : 'no',
        record.version,
        record.digest,
        record.by,
        record.phase,
        iso(record.committedAt),
        iso(record.requestedAt),
        iso(record.approvedAt),
        iso(record.startedAt),
        iso(record.trafficAt),
        iso(record.endedAt),
        record.canary,
        deployment?.failure?.kind ?? '',
        iso(deployment?.failure?.at ?? null),
        iso(deployment?.recoveredAt ?? null),
      ];
    });
  const head =
    'rollout intent service environment production version digest by phase committed requested approved started traffic ended canary failure failed recovered';
  return csv([head.split(' '), ...rows]);
}

function nameOf(name: string): FigureName {
  const names: readonly FigureName[] = Object.keys(figureMeanings).filter(isName);
  const found = names.find((one) => one === name);
  if (found === undefined) throw new Error(`There is no figure ${name}`);
  return found;
}

function isName(name: string): name is FigureName {
  return Object.hasOwn(figureMeanings, name);
}

/**
 * RFC 4180, lines ended by CRLF. A text that a spreadsheet would take for a formula gets an
 * apostrophe before it: names and versions come from outside.
 */
function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(Number(value.toFixed(6)));
  const safe = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function iso(at: number | null): string {
  return at === null
    ? ''
    : Temporal.Instant.fromEpochMilliseconds(Math.round(at)).toString({
        smallestUnit: 'millisecond',
      });
}
