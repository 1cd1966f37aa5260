import { Fault } from '#core/fault.ts';
import type { ConditionPoint, ConditionQuestion } from '#ports/metrics-source.ts';
import type { AlertRule, PrometheusApi, Series } from './api.ts';
import { asCondition } from './as-condition.ts';

/**
 * When the condition of one of the server's own alerts held. The expression is the one of its rule:
 * nothing that came with the alert is ever asked. Null when no rule, or no single one, is it.
 */
export async function readCondition(
  api: PrometheusApi,
  url: string,
  question: ConditionQuestion,
): Promise<readonly ConditionPoint[] | null> {
  try {
    const expressions = new Set(
      (await api.alertRules(url, question.alert))
        .filter((rule) => isOf(rule, question))
        .map(({ query }) => query),
    );
    const [expression] = expressions;
    if (expression === undefined || expressions.size > 1) return null;
    const condition = asCondition(expression);
    const { series } = await api.range(url, condition ?? expression, question);
    const own = series.filter((one) => isPartOf(one.labels, question.labels));
    return own.length === 0 ? null : pointsOf(own, condition !== null);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return null;
  }
}

/** Labels of a rule may be templates: those say nothing. */
function isOf({ name, labels }: AlertRule, question: ConditionQuestion): boolean {
  const plain = Object.entries(labels).filter(([, value]) => !value.includes('{{'));
  return name === question.alert && isPartOf(Object.fromEntries(plain), question.labels);
}

/** Long values came cut. */
function isPartOf(
  labels: Readonly<Record<string, string>>,
  all: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(labels).every(([name, value]) => {
    if (name === '__name__') return true;
    const given = Object.hasOwn(all, name) ? (all[name] ?? '') : null;
    if (given === null) return false;
    return given === value || (given.endsWith('…') && value.startsWith(given.slice(0, -1)));
  });
}

/** Without 0 and 1, an expression tells by being there, whatever its value. */
function pointsOf(series: readonly Series[], isCondition: boolean): readonly ConditionPoint[] {
  const held = new Map<number, boolean>();
  for (const { points } of series) {
    for (const { at, value } of points) {
      held.set(at, held.get(at) === true || !isCondition || value === 1);
    }
  }
  return [...held].map(([at, holds]) => ({ at, holds })).sort((a, b) => a.at - b.at);
}
