/** Collects the conditions of a WHERE and their parameters. */
export interface Conditions {
  /** Adds a condition when there is a value for it; `$` in the text stands for the value. */
  and(text: string, value: unknown): void;
  /** A parameter by itself, for LIMIT and the like. */
  param(value: unknown): string;
  where(): string;
  readonly params: readonly unknown[];
}

/** Makes an empty list of conditions. */
export function createConditions(): Conditions {
  const texts: string[] = [];
  const params: unknown[] = [];
  function param(value: unknown): string {
    params.push(value);
    return `$${params.length}`;
  }
  return {
    params,
    param,
    and(text, value) {
      if (value === undefined) return;
      const name = param(value);
      texts.push(text.replaceAll('$', () => name));
    },
    where: () => (texts.length === 0 ? '' : `WHERE ${texts.join(' AND ')}`),
  };
}
