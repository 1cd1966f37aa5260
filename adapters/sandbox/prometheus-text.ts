/** One line of an exposition: a name, its labels, and a number. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line =
  /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^}]*)\})?\s+([-+]?(?:[0-9.eE+-]+|Inf)|NaN)(?:\s+-?\d+)?\s*$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/**
 * Reads the Prometheus text format, version 0.0.4, as far as counters, gauges and histograms
 * without braces in label values go. Lines that are not understood are left out.
 */
export function parseExposition(text: string): readonly Series[] {
  const found: Series[] = [];
  for (const row of text.split('\n')) {
    if (row === '' || row.startsWith('#')) continue;
    const read = line.exec(row);
    const name = read?.[1];
    const number = read?.[3];
    if (name === undefined || number === undefined) continue;
    found.push({ name, labels: labelsOf(read?.[2] ?? ''), value: numberOf(number) });
  }
  return found;
}

function labelsOf(inner: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  label.lastIndex = 0;
  for (let pair = label.exec(inner); pair !== null; pair = label.exec(inner)) {
    labels[pair[1] ?? ''] = unescaped(pair[2] ?? '');
  }
  return labels;
}

function unescaped(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
}

function numberOf(text: string): number {
  if (text.endsWith('Inf')) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
