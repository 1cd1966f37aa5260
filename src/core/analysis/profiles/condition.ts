import { type Token, tokens } from './condition-tokens.ts';

/** What a condition comes to; `error` is what Argo would call an error of the measurement. */
export type Outcome = boolean | 'error';

/** A value while a condition is worked out. */
type Value = number | boolean | readonly number[] | 'error';

/** A condition that was understood: `result` is the vector of values of one measurement. */
export type Condition = (result: readonly number[]) => Outcome;

type Expression = (result: readonly number[]) => Value;

/**
 * Reads a success or failure condition of an Argo AnalysisTemplate: comparisons, arithmetic, `&&`,
 * `||`, `!` and their words, `result`, `result[n]`, `len`, `isNaN`, `isInf`, `isNil`, `default`,
 * `asFloat`, `asInt`. Null when there is more in it. A number alone is no condition, and an index
 * beyond the vector is an error, as in Argo.
 */
export function parseCondition(text: string): Condition | null {
  const found = tokens(text);
  if (found === null) return null;
  const reader = createReader(found);
  const expression = disjunction(reader);
  if (expression === null || !reader.done()) return null;
  return (result) => {
    const value = expression(result);
    return typeof value === 'boolean' ? value : 'error';
  };
}

interface Reader {
  done(): boolean;
  /** Takes the next piece when it is one of these; null when it is not. */
  take(...texts: readonly string[]): string | null;
  next(): Token | null;
}

function createReader(found: readonly Token[]): Reader {
  let at = 0;
  return {
    done: () => at >= found.length,
    take(...texts) {
      const token = found[at];
      if (token === undefined || token.kind === 'number' || !texts.includes(token.text))
        return null;
      at++;
      return token.text;
    },
    next() {
      const token = found[at] ?? null;
      at++;
      return token;
    },
  };
}

function disjunction(reader: Reader): Expression | null {
  return chained(reader, conjunction, ['||', 'or'], (_, a, b) => {
    if (typeof a !== 'boolean') return 'error';
    return a ? true : typeof b === 'boolean' ? b : 'error';
  });
}

function conjunction(reader: Reader): Expression | null {
  return chained(reader, negation, ['&&', 'and'], (_, a, b) => {
    if (typeof a !== 'boolean') return 'error';
    return a ? (typeof b === 'boolean' ? b : 'error') : false;
  });
}

function negation(reader: Reader): Expression | null {
  if (reader.take('!', 'not') === null) return comparison(reader);
  const inner = negation(reader);
  if (inner === null) return null;
  return (result) => {
    const value = inner(result);
    return typeof value === 'boolean' ? !value : 'error';
  };
}

function comparison(reader: Reader): Expression | null {
  return chained(reader, sum, ['==', '!=', '<=', '>=', '<', '>'], (sign, a, b) => {
    if (typeof a !== 'number' || typeof b !== 'number') return 'error';
    switch (sign) {
      case '==':
        return a === b;
      case '!=':
        return a !== b;
      case '<=':
        return a <= b;
      case '>=':
        return a >= b;
      case '<':
        return a < b;
      default:
        return a > b;
    }
  });
}

function sum(reader: Reader): Expression | null {
  return chained(reader, product, ['+', '-'], (sign, a, b) =>
    numbers(a, b, (x, y) => (sign === '+' ? x + y : x - y)),
  );
}

function product(reader: Reader): Expression | null {
  return chained(reader, primary, ['*', '/'], (sign, a, b) =>
    numbers(a, b, (x, y) => (sign === '*' ? x * y : x / y)),
  );
}

function numbers(a: Value, b: Value, work: (x: number, y: number) => number): Value {
  return typeof a === 'number' && typeof b === 'number' ? work(a, b) : 'error';
}

function chained(
  reader: Reader,
  part: (reader: Reader) => Expression | null,
  signs: readonly string[],
  work: (sign: string, a: Value, b: Value) => Value,
): Expression | null {
  let left = part(reader);
  for (let sign = reader.take(...signs); sign !== null; sign = reader.take(...signs)) {
    const before = left;
    const right = part(reader);
    const found = sign;
    if (before === null || right === null) return null;
    left = (result) => work(found, before(result), right(result));
  }
  return left;
}

function primary(reader: Reader): Expression | null {
  if (reader.take('-') !== null) {
    const inner = primary(reader);
    return inner && ((result) => numbers(inner(result), 0, (x) => -x));
  }
  if (reader.take('(') !== null) {
    const inner = disjunction(reader);
    return reader.take(')') === null ? null : inner;
  }
  if (reader.take('result') !== null) return indexed(reader);
  if (reader.take('true') !== null) return () => true;
  if (reader.take('false') !== null) return () => false;
  const called = reader.take(...functions.keys());
  if (called !== null) return call(reader, called);
  const token = reader.next();
  return token?.kind === 'number' ? () => token.value : null;
}

function indexed(reader: Reader): Expression | null {
  // A bare `result` of one value is that value; of more it is the vector.
  if (reader.take('[') === null)
    return (result) => (result.length === 1 ? (result[0] ?? 0) : result);
  const index = reader.next();
  if (index?.kind !== 'number' || reader.take(']') === null) return null;
  return (result) => result[index.value] ?? 'error';
}

const functions: ReadonlyMap<
  string,
  (value: Value, result: readonly number[], other: Value) => Value
> = new Map([
  ['len', (value, result) => (typeof value === 'number' ? result.length : lengthOf(value))],
  ['isNaN', (value) => (typeof value === 'number' ? Number.isNaN(value) : 'error')],
  ['isInf', (value) => (typeof value === 'number' ? isInfinite(value) : 'error')],
  ['isNil', (_, result) => result.length === 0],
  ['default', (value, result, other) => (result.length === 0 ? other : value)],
  ['asFloat', (value) => (typeof value === 'number' ? value : 'error')],
  ['asInt', (value) => (typeof value === 'number' ? Math.trunc(value) : 'error')],
] as const satisfies readonly (readonly [
  string,
  (value: Value, result: readonly number[], other: Value) => Value,
])[]);

function lengthOf(value: Value): Value {
  return typeof value === 'object' ? value.length : 'error';
}

function isInfinite(value: number): boolean {
  return Math.abs(value) === Number.POSITIVE_INFINITY;
}

function call(reader: Reader, name: string): Expression | null {
  const work = functions.get(name);
  if (reader.take('(') === null || work === undefined) return null;
  const first = sum(reader);
  const second = reader.take(',') === null ? null : sum(reader);
  if (first === null || reader.take(')') === null) return null;
  return (result) => work(first(result), result, second === null ? 'error' : second(result));
}
