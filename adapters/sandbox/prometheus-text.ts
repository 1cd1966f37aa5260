/** One line of an exposition: a name, its labels, and a number. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^}]*)\})?\s+([-+]?(?:[0-9.eE+-]+|Inf)|NaN)(?:\s+-?\d+)?$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;

/**
 * Reads the Prometheus text format, version 0.0.4, as far as counters, gauges and histograms
 * without braces in label values go. Lines that are not understood are left out.
 */
export function parseExposition(text: string): readonly Series[] {
  const found: Series[] = [];
  for (const row of text.split('\n')) {
    if (row === '' || row.startsWith('#')) continue;
    const [, name, inner, number] = line.exec(row.trim()) ?? [];
    if (name === undefined || number === undefined) continue;
    found.push({ name, labels: labelsOf(inner ?? ''), value: numberOf(number) });
  }
  return found;
}

function labelsOf(inner: string): Readonly<Record<string, string>> {
  const pairs = [...inner.matchAll(label)];
  return Object.fromEntries(pairs.map(([, name, value]) => [name, unescaped(value ?? '')]));
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
}

function numberOf(text: string): number {
  if (text.endsWith('Inf')) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
