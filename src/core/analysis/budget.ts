/** One condition of a multi-window alert: both windows must burn faster than `factor`. */
export interface BurnPair {
  readonly longSeconds: number;
  readonly shortSeconds: number;
  readonly factor: number;
  /** `page` stops a release from starting; `ticket` is a remark. */
  readonly severity: 'page' | 'ticket';
}

/**
 * Pairs for a budget over 30 days, from the Google SRE workbook, chapter 5, as Sloth ships them.
 * Each factor is the speed that spends 2, 5, 10 and 10 per cent of the budget in its long window.
 */
export const burnPairs30d: readonly BurnPair[] = [
  { longSeconds: 3600, shortSeconds: 300, factor: 14.4, severity: 'page' },
  { longSeconds: 21_600, shortSeconds: 1800, factor: 6, severity: 'page' },
  { longSeconds: 86_400, shortSeconds: 7200, factor: 3, severity: 'ticket' },
  { longSeconds: 259_200, shortSeconds: 21_600, factor: 1, severity: 'ticket' },
];

/** The same pairs for a budget over another period: a factor scales with the period. */
export function burnPairs(periodSeconds: number): readonly BurnPair[] {
  const scale = periodSeconds / (30 * 86_400);
  return burnPairs30d.map((pair) => ({ ...pair, factor: pair.factor * scale }));
}

/** Burn over one window; null when there are no data. */
export interface Burn {
  readonly seconds: number;
  /** How many times faster than allowed. */
  readonly rate: number | null;
}

/** The windows that pairs look at, in seconds. */
export function windowsOf(pairs: readonly BurnPair[]): readonly number[] {
  return [
    ...new Set(pairs.flatMap(({ longSeconds, shortSeconds }) => [shortSeconds, longSeconds])),
  ];
}

/** A service level objective: the share of requests that must be good, over a period. */
export interface Objective {
  /** For example 0.999. */
  readonly target: number;
  readonly periodSeconds: number;
}

/** How many times faster than allowed the budget is spent; null when nothing was served. */
export function burnRate(objective: Objective, bad: number, total: number): number | null {
  return total > 0 ? bad / total / (1 - objective.target) : null;
}

/** What a start gate is told. Burn rates by window length; null where there are no data. */
export interface BudgetFacts {
  readonly burns: ReadonlyMap<number, number | null>;
  /** Part of the period's budget that is left, from 1 down; null when not known. */
  readonly remaining: number | null;
}

export interface BudgetAnswer {
  readonly answer: 'open' | 'warn' | 'block' | 'inconclusive';
  /** One plain sentence each. */
  readonly reasons: readonly string[];
}

const percent = (part: number): string => `${Math.round(part * 1000) / 10} %`;

/**
 * May a release start? Blocked while a page-level pair burns or when the remaining budget is at
 * `floor` (0.1) or below; warned from `warnAt` (0.25) or while a ticket-level pair burns. Without
 * data the answer is `inconclusive`, never `open`.
 */
export function mayStart(
  pairs: readonly BurnPair[],
  facts: BudgetFacts,
  limits: { readonly floor: number; readonly warnAt: number } = { floor: 0.1, warnAt: 0.25 },
): BudgetAnswer {
  const unknown = pairs.filter((pair) => burning(pair, facts) === null);
  const pages = pairs.filter((pair) => pair.severity === 'page' && burning(pair, facts) === true);
  const tickets = pairs.filter(
    (pair) => pair.severity === 'ticket' && burning(pair, facts) === true,
  );
  const { remaining } = facts;
  const low = remaining !== null && remaining <= limits.floor;
  if (pages.length > 0 || low) {
    const left = low ? [`Only ${percent(remaining)} of the error budget is left.`] : [];
    return { answer: 'block', reasons: [...pages.map(sentence), ...left] };
  }
  if (unknown.length > 0 || remaining === null) {
    return { answer: 'inconclusive', reasons: ['The error budget could not be measured.'] };
  }
  const scarce = remaining <= limits.warnAt;
  const reasons = [
    ...tickets.map(sentence),
    ...(scarce ? [`${percent(remaining)} of the error budget is left.`] : []),
  ];
  return { answer: reasons.length > 0 ? 'warn' : 'open', reasons };
}

/** The page-level pairs that burn, one sentence each: the objective is being breached. */
export function breaches(
  pairs: readonly BurnPair[],
  facts: Pick<BudgetFacts, 'burns'>,
): readonly string[] {
  return pairs
    .filter((pair) => pair.severity === 'page' && burning(pair, facts) === true)
    .map(sentence);
}

/** True when both windows burn faster than the factor; null when that cannot be told. */
function burning(pair: BurnPair, facts: Pick<BudgetFacts, 'burns'>): boolean | null {
  const long = facts.burns.get(pair.longSeconds) ?? null;
  const short = facts.burns.get(pair.shortSeconds) ?? null;
  if (long !== null && long <= pair.factor) return false;
  if (short !== null && short <= pair.factor) return false;
  return long === null || short === null ? null : true;
}

function sentence(pair: BurnPair): string {
  const hours = Math.round((pair.longSeconds / 3600) * 10) / 10;
  return `The error budget burns more than ${Math.round(pair.factor * 10) / 10} times too fast over ${hours} h.`;
}
